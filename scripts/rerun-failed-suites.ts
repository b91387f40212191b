import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { failedSuites, RERUN_AT_MOST } from './failed-suites'

// Runs the suites that failed once more, one after the other with nothing beside them, and names each that passes then.
//
//   npx jest --json --outputFile=FILE || npx tsx scripts/rerun-failed-suites.ts FILE
//
// Many suites run real servers against leases of a second; another program on the machine can take that second from them. A
// suite that is wrong is wrong twice, and one that chance decides stays on the record by name.

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('rerun-failed-suites: give the file that jest --json --outputFile wrote')

const suites = failedSuites(JSON.parse(readFileSync(file, 'utf8')))
if (suites.length > RERUN_AT_MOST) {
  process.stdout.write(
    `${suites.length} suites failed, more than the ${RERUN_AT_MOST} that are run again: this is no chance\n`,
  )
  process.exitCode = 1
} else {
  for (const { path, tests } of suites) {
    const name = relative(process.cwd(), path)
    process.stdout.write(`again, alone: ${name}, where these failed:\n${tests.map((test) => `  ${test}\n`).join('')}`)
    const { status } = spawnSync('npx', ['--no-install', 'jest', '--runInBand', '--runTestsByPath', path], {
      stdio: 'inherit',
    })
    process.stdout.write(`${status === 0 ? 'UNSTEADY, passed alone' : 'FAILED twice'}: ${name}\n`)
    if (status !== 0) process.exitCode = 1
  }
}
