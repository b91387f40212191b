import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmulators, type Emulators } from '../emulator/emulators'
import { requireKnownContractGaps } from '../emulator/known-gaps'
import { startNameServer } from '../emulator/name-server'
import { endGroupsWithThisProcess, ProgramGroup, runFolder } from '../emulator/process-group'

const ROOT = join(__dirname, '..')
const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js')
/** Any account will do: each test has one of its own. */
const ACCOUNT = '111122223333'
/** Longest all contracts may take together; one minute on two idle cores. */
const LONGEST_MS = 10 * 60_000

interface JestResult {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/**
 * Holds the AWS adapters to the contracts of their ports against MiniStack and moto, and compares what failed with the gaps
 * that are known. Exits 1 where a gap has opened or closed. Arguments are passed on to Jest.
 */
async function main(): Promise<void> {
  endGroupsWithThisProcess()
  const folder = await runFolder()
  const nameServer = await startNameServer()
  let emulators: Emulators | undefined
  try {
    emulators = await startEmulators(ACCOUNT, folder, nameServer.address)
    const [results, log] = [join(folder, 'results.json'), join(folder, 'jest.log')]
    const chosen = process.argv.slice(2)
    const args = [JEST, '--config', 'jest.emulator.config.cjs', '--json', `--outputFile=${results}`, ...chosen]
    const environment = emulators.environment('eu-west-1')
    // Jest fails for known gaps too: what it wrote counts.
    await new ProgramGroup({ command: process.execPath, args, environment, log, folder: ROOT }).exitCode(LONGEST_MS)
    const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as JestResult
    const ran = testResults.flatMap(({ assertionResults }) => assertionResults)
    const known = knownGapsOr(readFileSync(log, 'utf8'), ran, chosen.length === 0)
    process.stdout.write(
      `${ran.length - known.length} of ${ran.length} contract tests pass against MiniStack and moto; known gaps:\n${known.map((name) => `  ${name}\n`).join('')}`,
    )
  } finally {
    await emulators?.stop()
    await nameServer.close()
    await rm(folder, { recursive: true })
  }
}

/** The known gaps; where the tests ended otherwise, what Jest said of them is shown first. */
function knownGapsOr(output: string, ran: Parameters<typeof requireKnownContractGaps>[0], whole: boolean): string[] {
  try {
    return requireKnownContractGaps(ran, { whole })
  } catch (error) {
    process.stderr.write(output)
    throw error
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
