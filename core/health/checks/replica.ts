import { found, judgeOne } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'
import { secondsSince } from '../seconds-since'
import { servesHere } from '../serving'
import { sessionsOf } from '../session-seen'

/** Where clients are not led the database follows the one that serves, as closely as the promise needs. */
export const replica: HealthJudge = (facts, expected) => {
  const { own, behindSeconds: most } = expected
  if (most === undefined || servesHere(facts, expected)) return undefined
  const { database } = facts
  if (database.seen && database.value.reads && database.value.replica && database.value.receives === 'unknown')
    return { looked: 0, found: [], unseen: ['RECEIVER_UNKNOWN'] }
  return judgeOne(sessionsOf(database), (seen) => {
    if (!seen.replica) return [found('replica-none', own.instance)]
    const seconds = secondsSince(seen.heartbeatAt, facts.at)
    return [
      ...(seen.receives === 'down' ? [found('replica-silent', own.instance)] : []),
      ...(seconds !== undefined && seconds <= most
        ? []
        : [found('replica-behind', own.instance, { seconds: seconds ?? null, most })]),
    ]
  })
}
