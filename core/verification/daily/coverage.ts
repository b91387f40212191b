import type { Expectations } from './expectations'
import type { DailyFacts } from './facts'
import { found, type Judge } from './judge'

/** No database of the region holds data of its own without a recovery point; replicas and test copies hold none. */
export const coverage: Judge = (facts, expected) => {
  const { holders } = facts
  if (!holders.seen) return { looked: 0, found: [], unseen: [holders.code] }
  const own = holders.value.filter(({ role }) => role === 'writer')
  const { unseen, backedUp } = backups(facts, expected)
  return {
    looked: own.length,
    // A vault that nobody could read may hold what seems to be missing.
    found:
      unseen.length > 0 ? [] : own.filter(({ name }) => !backedUp(name)).map(({ name }) => found('unprotected', name)),
    unseen,
  }
}

function backups({ points }: DailyFacts, { locks }: Expectations) {
  const seen = locks.map(({ vault }) => points[vault])
  const unseen = seen.flatMap((one) => (one?.seen ? [] : [one?.code ?? 'NOT_LOOKED_AT']))
  return {
    unseen: [...new Set(unseen)],
    backedUp: (name: string) => seen.some((one) => one?.seen && (one.value.of[name]?.completed ?? 0) > 0),
  }
}
