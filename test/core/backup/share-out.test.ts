import { shareOut } from '../../../core/backup/share-out'

const MB = 1e6
const table = (name: string, bytes: number) => ({ table: name, bytes })
const two = { parts: 2, tableBytesAtLeast: 16 * MB }

it('leaves a small database together', () => {
  expect(shareOut([table('a', 15 * MB), table('b', 1)], two)).toEqual([])
  expect(shareOut([], two)).toEqual([])
})

it('shares large tables out evenly, whatever order they come in', () => {
  const tables = [table('c', 30 * MB), table('a', 60 * MB), table('b', 50 * MB), table('d', 20 * MB)]
  // The rest holds a and d, 80 MB; the other part b and c, 80 MB.
  expect(shareOut(tables, two)).toEqual([['b', 'c']])
  expect(shareOut(tables.toReversed(), two)).toEqual([['b', 'c']])
})

it('counts the small tables that stay together', () => {
  const small = Array.from({ length: 100 }, (_, n) => table(`small_${n}`, MB))
  expect(shareOut([...small, table('a', 40 * MB), table('b', 40 * MB)], two)).toEqual([['a', 'b']])
})

it('leaves a table that cannot be named with the rest, however large it is', () => {
  expect(shareOut([{ ...table('Größe', 90 * MB), stays: true }, table('a', 40 * MB)], two)).toEqual([['a']])
})

it('names no more tables than a command line holds', () => {
  const many = Array.from({ length: 5000 }, (_, n) => table(`t${n}`, 20 * MB))
  expect(shareOut(many, { ...two, parts: 8 }).flat().length).toBeLessThanOrEqual(200)
})

it('makes no part that is empty, and none but the first of one', () => {
  expect(shareOut([table('a', 90 * MB), table('b', 90 * MB)], { ...two, parts: 5 })).toEqual([['b']])
  expect(shareOut([table('a', 90 * MB), table('b', 90 * MB)], { ...two, parts: 1 })).toEqual([])
  expect(shareOut([table('a', 90 * MB)], { ...two, parts: 0 })).toEqual([])
})
