import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulators } from '../emulator/emulators'
import { requireKnownContractGaps } from '../emulator/known-gaps'
import { startNameServer } from '../emulator/name-server'
import { endGroupsWithThisProcess } from '../emulator/process-group'

const ROOT = join(__dirname, '..')
/** Any account will do: each test has one of its own. */
const ACCOUNT = '111122223333'

interface JestResult {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/**
 * Holds the AWS adapters to the contracts of their ports against MiniStack and moto, and compares what failed with the gaps
 * that are known. Exits 1 where a gap has opened or closed. Arguments are passed on to Jest.
 */
async function main(): Promise<void> {
  endGroupsWithThisProcess()
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  const nameServer = await startNameServer()
  const emulators = await startEmulators(ACCOUNT, folder, nameServer.address)
  try {
    const results = join(folder, 'results.json')
    const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js')
    const args = ['--config', 'jest.emulator.config.cjs', '--json', `--outputFile=${results}`, ...process.argv.slice(2)]
    const { stderr } = spawnSync(process.execPath, [jest, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: emulators.environment('eu-west-1'),
    })
    const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as JestResult
    const ran = testResults.flatMap(({ assertionResults }) => assertionResults)
    const known = knownGapsOr(stderr, ran)
    process.stdout.write(
      `${ran.length - known.length} of ${ran.length} contract tests pass against MiniStack and moto; known gaps:\n${known.map((name) => `  ${name}\n`).join('')}`,
    )
  } finally {
    await emulators.stop()
    await nameServer.close()
    await rm(folder, { recursive: true })
  }
}

/** The known gaps; where the tests ended otherwise, what Jest said of them is shown first. */
function knownGapsOr(output: string, ran: Parameters<typeof requireKnownContractGaps>[0]): string[] {
  try {
    return requireKnownContractGaps(ran)
  } catch (error) {
    process.stderr.write(output)
    throw error
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
