import type { SizedTable } from '../../../../core/integrity/plan'
import { batchesOf } from '../../../../core/verification/replica/plan'
import { resolvePolicy } from '../../../../policy'

const { fingerprint } = resolvePolicy('production')
const PACE = {
  megabytesPerSecond: fingerprint.pace.megabytesPerSecond,
  pieceSecondsAtMost: fingerprint.pieceSecondsAtMost,
}
const BLOCK = 8192
const table = (name: string, gigabytes: number): SizedTable => ({
  table: name,
  bytes: gigabytes * 1e9,
  blocks: Math.ceil((gigabytes * 1e9) / BLOCK),
  divisible: true,
})
/** Of one call, at the pace of the policy. */
const secondsOf = (parts: readonly { from: number; to: number }[]) =>
  parts.reduce((sum, { from, to }) => sum + (to - from) * BLOCK, 0) / 1e6 / PACE.megabytesPerSecond

it('covers every block of every table once', () => {
  const tables = [table('clinic.records', 170), table('clinic.patients', 0.2), table('clinic.visits', 31)]
  const parts = batchesOf(tables, PACE).flat()
  for (const { table: name, blocks } of tables) {
    const own = parts.filter((part) => part.table === name).toSorted((one, other) => one.from - other.from)
    expect([own[0]?.from, own.at(-1)?.to]).toEqual([0, blocks])
    for (const [at, { from }] of own.slice(1).entries()) expect(from).toBe(own[at]!.to)
  }
})

it.each([1, 200, 2000, 20_000])('lets no call near a quarter of an hour with %d GB', (gigabytes) => {
  const batches = batchesOf(
    [table('large', gigabytes), ...Array.from({ length: 200 }, (_, at) => table(`t${at}`, 0.1))],
    PACE,
  )
  expect(Math.max(...batches.map(secondsOf))).toBeLessThan(fingerprint.pieceSecondsAtMost * 1.01)
})

it('packs small tables together, and asks nothing of empty ones', () => {
  const small = Array.from({ length: 100 }, (_, at) => table(`t${at}`, 0.001))
  expect(batchesOf([...small, table('empty', 0)], PACE)).toHaveLength(1)
  expect(batchesOf([table('empty', 0)], PACE)).toEqual([])
})
