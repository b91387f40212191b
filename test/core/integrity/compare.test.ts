import { compareFingerprints, type CompareOptions } from '../../../core/integrity/compare'
import { together, type DatabaseFingerprint, type SequenceValue } from '../../../core/integrity/fingerprint'
import { exitCodeOf, worst } from '../../../core/integrity/verdict'

const table = { table: 'a.t', kind: 'table', columns: 'c', rows: '2', hash: '5/7' } as const
const at = (value: number, called = true) => ({ value: String(value), called })
const sequence = (first: number, last = first, more: Partial<SequenceValue> = {}): SequenceValue => ({
  sequence: 'a.s',
  increment: '1',
  cache: '1',
  cycles: false,
  first: at(first),
  last: at(last),
  ...more,
})
const database = (more: Partial<DatabaseFingerprint> = {}, version = '18.4'): DatabaseFingerprint => ({
  origin: {
    form: 2,
    serverVersion: version,
    database: 'd',
    replays: false,
    position: '0/1',
    takenAt: '2026-11-28T00:00:00.000Z',
  },
  tables: [table],
  unread: [],
  sequences: [sequence(10)],
  catalog: { tables: [{ object: 'a.t', hash: '1' }], database: [{ object: 'database', hash: '1' }] },
  ...more,
})
const compared = (expected: DatabaseFingerprint, found: DatabaseFingerprint, options: Partial<CompareOptions> = {}) =>
  compareFingerprints(expected, found, { copy: 'physical', ...options })
const codes = ({ verdict, findings }: ReturnType<typeof compared>) => [verdict, ...findings.map(({ code }) => code)]

test('the same is a pass without a word', () => {
  expect(compared(database(), database())).toEqual({ verdict: 'pass', findings: [], tables: 1, objects: 2 })
})

describe('partitions to which a dump deals rows anew', () => {
  const part = (name: string, rows: number, columns = 'c') =>
    ({ ...table, table: name, columns, rows: String(rows), hash: `${rows}/${rows}`, dealtBy: 'a.all' }) as const
  const before = database({ tables: [part('a.one', 3), part('a.two', 4)] })
  const found = (tables: DatabaseFingerprint['tables'], unread: DatabaseFingerprint['unread'] = []) =>
    codes(compared(before, database({ tables, unread }), { copy: 'logical' }))

  test('are compared as one', () => {
    expect(found([part('a.one', 5), part('a.two', 2)])).toEqual(['pass'])
    expect(found([part('a.one', 5), part('a.two', 3)])).toEqual(['fail', 'CONTENT_DIFFERS'])
  })

  test('are not, where one is away; and where one was not read, nobody knows', () => {
    expect(found([part('a.one', 5)])).toEqual(['fail', 'TABLE_MISSING'])
    expect(found([part('a.one', 5)], [{ table: 'a.two', code: '42501' }])).toEqual(['inconclusive', 'TABLE_UNREAD'])
    expect(
      codes(
        compared(
          database({ tables: [part('a.one', 3)], unread: [{ table: 'a.two', code: '42501' }] }),
          database({ tables: [part('a.one', 5), part('a.two', 2)] }),
          { copy: 'logical' },
        ),
      ),
    ).toEqual(['inconclusive', 'TABLE_UNREAD', 'CONTENT_DIFFERS'])
  })

  test('say nothing where their columns stand in different orders', () => {
    expect(found([part('a.one', 5, 'd'), part('a.two', 2)])).toEqual(['pass'])
    expect(found([part('a.one', 5, 'd'), part('a.two', 3)])).toEqual(['inconclusive', 'CONTENT_DIFFERS'])
  })

  test('are compared one by one in a copy of the files', () => {
    const dealt = database({ tables: [part('a.one', 5), part('a.two', 2)] })
    expect(codes(compared(before, dealt))).toEqual(['fail', 'CONTENT_DIFFERS', 'CONTENT_DIFFERS'])
  })
})

test.each([
  ['behind', sequence(10), sequence(9), 'fail', 'SEQUENCE_BEHIND'],
  ['next, not yet given', sequence(10), sequence(11, 11, { first: at(11, false), last: at(11, false) }), 'pass'],
  [
    'not given, though it was',
    sequence(10),
    sequence(10, 10, { first: at(10, false), last: at(10, false) }),
    'fail',
    'SEQUENCE_BEHIND',
  ],
  ['where the log writes it ahead', sequence(10), sequence(42), 'pass'],
  ['farther ahead, unseen', sequence(10), sequence(60), 'inconclusive', 'SEQUENCE_AHEAD'],
  ['farther ahead, seen to run', sequence(10, 20), sequence(90), 'pass', 'SEQUENCE_AHEAD'],
  ['between what was seen', sequence(10, 20), sequence(15), 'pass'],
  [
    'downwards, behind',
    sequence(-10, -10, { increment: '-1' }),
    sequence(-9, -9, { increment: '-1' }),
    'fail',
    'SEQUENCE_BEHIND',
  ],
  ['downwards, ahead', sequence(-10, -10, { increment: '-1' }), sequence(-12, -12, { increment: '-1' }), 'pass'],
  [
    'round again',
    sequence(10, 10, { cycles: true }),
    sequence(1, 1, { cycles: true }),
    'inconclusive',
    'SEQUENCE_AHEAD',
  ],
] as const)('a sequence %s', (_, expected, found, ...told) => {
  expect(codes(compared(database({ sequences: [expected] }), database({ sequences: [found] })))).toEqual(told)
})

test('in a dump nothing is ahead by the log', () => {
  const found = compared(database(), database({ sequences: [sequence(42)] }), { copy: 'logical' })
  expect(codes(found)).toEqual(['inconclusive', 'SEQUENCE_AHEAD'])
})

test.each([
  ['XX001', 'physical', 'fail', 'TABLE_DAMAGED'],
  ['42501', 'physical', 'inconclusive', 'TABLE_UNREAD'],
  ['UNLOGGED', 'physical', 'pass', 'TABLE_UNREAD'],
  ['UNLOGGED', 'logical', 'inconclusive', 'TABLE_UNREAD'],
] as const)('a table that could not be read (%s, %s) is %s, whatever else is known of it', (code, copy, ...told) => {
  const unread = database({ tables: [], unread: [{ table: 'a.t', code }] })
  expect(codes(compared(database(), unread, { copy }))).toEqual(told)
  expect(codes(compared(unread, database(), { copy }))).toEqual(told)
})

test('another major version hashes as it likes, and has as many rows', () => {
  const other = (rows: string) => database({ tables: [{ ...table, rows, hash: '5/8' }] }, '19.1')
  expect(codes(compared(database(), other('2')))).toEqual(['inconclusive', 'CONTENT_DIFFERS'])
  expect(codes(compared(database(), other('1')))).toEqual(['fail', 'CONTENT_DIFFERS'])
})

test('hashes of another form are not compared', () => {
  const old = database({ origin: { ...database().origin, form: 1 } })
  expect(codes(compared(old, database()))).toEqual(['inconclusive', 'FORM_DIFFERS'])
})

test('what belongs to the database itself is no damage of a dump, and is one of a copy of its files', () => {
  const other = database({ catalog: { ...database().catalog, database: [{ object: 'database', hash: '2' }] } })
  expect(codes(compared(database(), other, { copy: 'logical' }))).toEqual(['pass', 'OBJECT_DIFFERS'])
  expect(codes(compared(database(), other))).toEqual(['fail', 'OBJECT_DIFFERS'])
  expect(codes(compared(database(), other, { leaveOut: ['database'] }))).toEqual(['pass'])
})

test('sums of parts beyond what a machine word holds', () => {
  const part = { rows: '9007199254740993', hash: '9223372036854775807/-9223372036854775808' }
  expect(together([part, part])).toEqual({
    rows: '18014398509481986',
    hash: '18446744073709551614/-18446744073709551616',
  })
})

test('the worst verdict counts, and each has an end of its own', () => {
  expect(worst([])).toBe('pass')
  expect(worst(['pass', 'inconclusive'])).toBe('inconclusive')
  expect(worst(['inconclusive', 'fail', 'pass'])).toBe('fail')
  expect((['pass', 'fail', 'inconclusive'] as const).map(exitCodeOf)).toEqual([0, 1, 2])
})
