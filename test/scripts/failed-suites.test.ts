import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failedSuites } from '../../scripts/failed-suites'

const PASSES = "test('right', () => undefined)\n"
const JEST = require.resolve('jest/bin/jest')

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'failed-suites-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** What jest itself writes of these suites. */
function results(suites: Readonly<Record<string, string>>): unknown {
  for (const [name, text] of Object.entries(suites)) writeFileSync(join(folder, `${name}.test.js`), text)
  const file = join(folder, 'results.json')
  const config = JSON.stringify({ testEnvironment: 'node', transform: {} })
  spawnSync(process.execPath, [JEST, '--rootDir', folder, '--config', config, '--json', '--outputFile', file])
  return JSON.parse(readFileSync(file, 'utf8'))
}

test('gives each suite that failed, with its tests', () => {
  const json = results({
    passes: PASSES,
    wrong: `describe('of two', () => { ${PASSES} test('wrong', () => { throw new Error('no') }) })\n`,
    broken: "require('./what-is-not-there')\n",
  })
  expect(failedSuites(json).toSorted((one, other) => one.path.localeCompare(other.path))).toEqual([
    { path: join(folder, 'broken.test.js'), tests: [expect.stringContaining('failed to run')] },
    { path: join(folder, 'wrong.test.js'), tests: ['of two wrong'] },
  ])
})

test('a run in which no suite failed is no reason to be content', () => {
  expect(() => failedSuites(results({ passes: PASSES }))).toThrow('no suite failed')
})

test('a run without tests, or one that was interrupted, is refused', () => {
  const json = results({ passes: PASSES }) as object
  expect(() => failedSuites({ ...json, wasInterrupted: true })).toThrow('interrupted')
  expect(() => failedSuites({ ...json, numTotalTests: 0 })).toThrow()
})
