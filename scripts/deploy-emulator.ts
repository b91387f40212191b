import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { EMULATOR_FOLDER } from '../emulator/python-tools'
import { renderReport } from '../emulator/report'
import { runEmulators } from '../emulator/run'
import { withRecoveryRegion } from '../core/policy'
import { presetInForce } from '../cli/preset-file'
import { ENVIRONMENTS, resolvePolicy } from '../policy'

/**
 * Deploys every stack to emulators on this machine, rehearses a region failover there and prints what of it was real; `--json` prints the report as
 * one document. The report is kept in `.emulator/report.json` too. Exits 1 where anything is not as the lists of the
 * emulator folder say.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { environment: { type: 'string', default: 'production' }, json: { type: 'boolean', default: false } },
  })
  const environment = ENVIRONMENTS.find((known) => known === values.environment)
  if (!environment)
    throw new Error(`unknown environment '${values.environment}'; use --environment ${ENVIRONMENTS.join('|')}`)
  const policy = withRecoveryRegion(resolvePolicy(environment, presetInForce()))
  const report = await runEmulators(policy, (text) => void process.stderr.write(`${text}\n`))
  const document = JSON.stringify(report, undefined, 2)
  await mkdir(EMULATOR_FOLDER, { recursive: true })
  await writeFile(join(EMULATOR_FOLDER, 'report.json'), document)
  process.stdout.write(`${values.json ? document : renderReport(report)}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
