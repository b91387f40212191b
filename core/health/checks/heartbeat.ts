import { found, judgeOne } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'
import { secondsSince } from '../seconds-since'
import { servesHere } from '../serving'
import { sessionsOf } from '../session-seen'

/** The right to write of the serving database was renewed lately, without which no client may write. */
export const heartbeat: HealthJudge = (facts, expected) =>
  servesHere(facts, expected)
    ? judgeOne(sessionsOf(facts.database), (seen) => {
        const seconds = secondsSince(seen.heartbeatAt, facts.at)
        return seconds !== undefined && seconds <= expected.heartbeatSeconds
          ? []
          : [
              found('heartbeat-old', expected.own.instance, {
                seconds: seconds ?? null,
                most: expected.heartbeatSeconds,
              }),
            ]
      })
    : undefined
