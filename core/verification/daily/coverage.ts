import type { Expectations } from './expectations'
import type { DailyFacts } from './facts'
import { found, type Judge } from './judge'

/**
 * No database of the region holds data of its own without a recovery point; replicas and test copies hold none. No bucket is
 * there that neither a stack of ours nor a recovery point knows.
 */
export const coverage: Judge = (facts, expected) => {
  const { holders } = facts
  if (!holders.seen) return { looked: 0, found: [], unseen: [holders.code] }
  const own = holders.value.filter(({ role }) => role === 'writer')
  const foreign = holders.value.filter(({ name, role }) => role === 'bucket' && !isOurs(name, expected.buckets))
  const { unseen, backedUp } = backups(facts, expected)
  return {
    looked: own.length + foreign.length,
    // A vault that nobody could read may hold what seems to be missing.
    found:
      unseen.length > 0
        ? []
        : [
            ...own.filter(({ name }) => !backedUp(name)).map(({ name }) => found('unprotected', name)),
            ...foreign.filter(({ name }) => !backedUp(name)).map(({ name }) => found('unprotected-bucket', name)),
          ],
    unseen,
  }
}

/** The stacks lock or copy each of theirs as the policy says; checks of their own look at that. */
const isOurs = (name: string, { prefix, suffix, ofDeployments }: Expectations['buckets']): boolean =>
  (name.startsWith(prefix) && name.endsWith(suffix)) || name === ofDeployments

function backups({ points }: DailyFacts, { locks }: Expectations) {
  const seen = locks.map(({ vault }) => points[vault])
  const unseen = seen.flatMap((one) => (one?.seen ? [] : [one?.code ?? 'NOT_LOOKED_AT']))
  return {
    unseen: [...new Set(unseen)],
    backedUp: (name: string) => seen.some((one) => one?.seen && (one.value.of[name]?.completed ?? 0) > 0),
  }
}
