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
  const found = bodyOf(readFileSync(path, 'utf8'), title)
  if (found === undefined) return [`no test '${title}' in ${file}`]
  return ASSERTS.test(found) ? [] : [`'${title}' in ${file} asserts nothing`]
}

const ASSERTS = /\bexpect\(|\.(hasResource|resource\w*CountIs|resourcePropertiesCountIs)/
const BEGINS = /(?:^|\n)\s*(?:test|it|describe)(?:\.each)?\b(?!\.(?:skip|todo))[(<]/

/**
 * Text of the test with a title: from the title of a call of `test` or `it`, not skipped, to the next one; or from the table
 * that names it, where the title is one of its rows. Undefined where there is none.
 */
function bodyOf(text: string, title: string): string | undefined {
  const quoted = `'${title}'`
  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    const [before, after] = [text.slice(0, at), text.slice(at + quoted.length)]
    const called = /(?:\b(?:test|it)\(\s*|\]\s*(?:as const)?\s*\)\(\s*|\)\(\s*)$/.test(before) && /^\s*,/.test(after)
    if (called) return after.slice(0, BEGINS.exec(after)?.index)
    // A row of a table: what reads the table is the next test with its rows as titles.
    const row = /\[\s*$/.test(before) && /^\s*,/.test(after)
    const reader = row && /(?:test|it)\.each[\s\S]*?\)\(\s*['`](?:%s|[^'`]*\$\w|[^'`]*%s)/.exec(text)
    if (reader) return text.slice(reader.index)
  }
  return undefined
}

it('every trap is held by a rule with a refused example or by a test, and says where it is documented', () => {
  expect(rowsOf(DOCUMENT).length).toBeGreaterThan(40)
  expect(falseClaims(DOCUMENT)).toEqual([])
})

describe('a test that a row names', () => {
  it.each([
    [`it('holds', () => {\n  expect(1).toBe(1)\n})`, true],
    [`test('holds', () => synth().resourceCountIs('AWS::S3::Bucket', 1))`, true],
    [`it.each([1, 2])('holds', (n) => expect(n).toBe(n))`, true],
    [`it('holds', () => {})\nit('other', () => expect(1).toBe(1))`, false],
    [`it.skip('holds', () => expect(1).toBe(1))`, undefined],
    [`it.todo('holds')`, undefined],
    [`// 'holds'\nit('other', () => expect(1).toBe(1))`, undefined],
    [`const cases = [['holds', 1]]\ntest.each(cases)('%s', (_name, n) => expect(n).toBe(1))`, true],
    [`const cases = [['holds', 1]]\ntest('other', () => expect(cases).toBeDefined())`, undefined],
  ])('is found in %j as one that asserts: %s', (text, asserts) => {
    const body = bodyOf(text, 'holds')
    expect(body === undefined ? undefined : ASSERTS.test(body)).toBe(asserts)
  })
})

it.each([
  ['| a | rule `noSuchRule` | D/x.html |', ['no rule noSuchRule', 'no refused example of noSuchRule']],
  ['| a | test `test/nowhere.test.ts`: x | D/x.html |', ['no file test/nowhere.test.ts']],
  [
    '| a | test `test/policy/procedure.test.ts`: what nobody tests | D/x.html |',
    ["no test 'what nobody tests' in test/policy/procedure.test.ts"],
  ],
  [
    // A beginning of a title is not a test, and neither is a title that stands in a comment or a text.
    '| a | test `test/policy/traps.test.ts`: every trap is held by a rule | D/x.html |',
    ["no test 'every trap is held by a rule' in test/policy/traps.test.ts"],
  ],
  ['| a | good intentions | D/x.html |', ['a: held by nothing']],
  ['| a | rule `backupIsDaily` | |', ['a: no source']],
])('would not let %s pass', (row, problems) => {
  expect(falseClaims(row)).toEqual(problems)
})
