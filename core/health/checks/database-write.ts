import { found, judgeOne } from '../../verification/daily/judge'
import type { HealthJudge } from '../judge'
import { servesHere } from '../serving'
import { sessionsOf } from '../session-seen'

/** Where clients are led a row can be committed and read back. */
export const databaseWrite: HealthJudge = (facts, expected) =>
  servesHere(facts, expected)
    ? judgeOne(sessionsOf(facts.database), ({ replica, writes }) => {
        const { instance } = expected.own
        if (replica) return [found('writer-in-recovery', instance)]
        return writes === true ? [] : [found('write-refused', instance)]
      })
    : undefined
