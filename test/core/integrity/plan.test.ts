import { planFingerprint } from '../../../core/integrity/plan'

const PACE = { megabytesPerSecond: 50, pieceSecondsAtMost: 100 }
const table = (name: string, bytes: number, divisible = true) => ({
  table: name,
  bytes,
  blocks: Math.ceil(bytes / 8192),
  divisible,
})

test('no piece takes longer than it may, and every block is in one piece', () => {
  const { pieces, longestPieceSeconds } = planFingerprint([table('large', 123e9), table('small', 1e6)], 2, PACE)
  expect(longestPieceSeconds).toBeLessThanOrEqual(PACE.pieceSecondsAtMost)
  const ranges = pieces
    .filter((piece) => piece.table === 'large')
    .map(({ blocks }) => blocks!)
    .toSorted((one, other) => one.from - other.from)
  expect(ranges[0]!.from).toBe(0)
  for (const [at, { to }] of ranges.entries()) expect(to).toBe(ranges[at + 1]?.from)
  expect(ranges.at(-1)).not.toHaveProperty('to')
  expect(pieces.filter((piece) => piece.table === 'small')).toEqual([{ table: 'small', bytes: 1e6 }])
})

test('a table that cannot be divided is one piece, however long it takes', () => {
  const { pieces, longestPieceSeconds } = planFingerprint([table('whole', 100e9, false)], 2, PACE)
  expect(pieces).toHaveLength(1)
  expect(longestPieceSeconds).toBe(2000)
})

test('what is stored outside of the rows counts, and a table of one block is never cut', () => {
  const documents = { table: 'documents', bytes: 50e9, blocks: 1, divisible: true }
  expect(planFingerprint([documents], 2, PACE).pieces).toHaveLength(1)
})

test('one large table keeps every session at work, and one session reads it in one piece', () => {
  const tables = [table('large', 4e9), table('small', 1e6)]
  const { pieces, seconds } = planFingerprint(tables, 4, { ...PACE, pieceSecondsAtMost: 300 })
  expect(seconds).toBeLessThan((1.1 * 4e9) / 4 / 50e6)
  expect(pieces.length).toBeLessThan(20)
  expect(planFingerprint(tables, 1, { ...PACE, pieceSecondsAtMost: 300 }).pieces).toHaveLength(2)
  // Hardly worth it.
  expect(planFingerprint([table('little', 50e6)], 4, PACE).pieces).toHaveLength(1)
})

test('the largest piece comes first, and more readers take less time', () => {
  const tables = [1, 5, 3, 4, 2].map((size) => table(`t${size}`, size * 1e9))
  const alone = planFingerprint(tables, 1, PACE)
  expect(alone.pieces.map(({ bytes }) => bytes)).toEqual([5e9, 4e9, 3e9, 2e9, 1e9])
  expect(alone.seconds).toBeCloseTo(300)
  // A third of the time, but for what one session has to wait for the last piece of another.
  expect(planFingerprint(tables, 3, PACE).seconds).toBeLessThan(107)
  expect(planFingerprint([], 3, PACE)).toEqual({ pieces: [], bytes: 0, longestPieceSeconds: 0, seconds: 0 })
})
