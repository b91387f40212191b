import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RULES } from '../../core/policy'
import { EXAMPLES } from '../core/policy/rules/examples'

const ROOT = join(__dirname, '../..')
const DOCUMENT = readFileSync(join(ROOT, 'docs/traps.md'), 'utf8')

const rowsOf = (document: string) =>
  document
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (-+|trap) \|/.test(line.replaceAll(/ +/g, ' ')))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

/** What a row claims and is not so. */
function falseClaims(document: string): string[] {
  return rowsOf(document).flatMap(([trap = '', held = '', source = '']) => {
    const rule = /^rule `(\w+)`$/.exec(held)?.[1]
    const [, file, title] = /^test `([\w./-]+)`: (.+)$/.exec(held) ?? []
    return [
      ...(/^(D|https:\/\/github\.com)\/[\w./-]+$/.test(source) ? [] : [`${trap}: no source`]),
      ...(rule ? missingRule(rule) : file && title ? missingTest(file, title) : [`${trap}: held by nothing`]),
    ]
  })
}
const missingRule = (id: string): string[] => [
  ...(RULES.some((rule) => rule.id === id) ? [] : [`no rule ${id}`]),
  ...(EXAMPLES.some((example) => example.rule === id) ? [] : [`no refused example of ${id}`]),
]
function missingTest(file: string, title: string): string[] {
  const path = join(ROOT, file)
  if (!existsSync(path)) return [`no file ${file}`]
  return readFileSync(path, 'utf8').includes(`'${title}`) ? [] : [`no test '${title}' in ${file}`]
}

it('every trap is held by a rule with a refused example or by a test, and says where it is documented', () => {
  expect(rowsOf(DOCUMENT).length).toBeGreaterThan(40)
  expect(falseClaims(DOCUMENT)).toEqual([])
})

it.each([
  ['| a | rule `noSuchRule` | D/x.html |', ['no rule noSuchRule', 'no refused example of noSuchRule']],
  ['| a | test `test/nowhere.test.ts`: x | D/x.html |', ['no file test/nowhere.test.ts']],
  [
    '| a | test `test/policy/procedure.test.ts`: what nobody tests | D/x.html |',
    ["no test 'what nobody tests' in test/policy/procedure.test.ts"],
  ],
  ['| a | good intentions | D/x.html |', ['a: held by nothing']],
  ['| a | rule `backupIsDaily` | |', ['a: no source']],
])('would not let %s pass', (row, problems) => {
  expect(falseClaims(row)).toEqual(problems)
})
