import type { ExpectedHistory } from './expectations'
import type { DailyFacts } from './facts'
import { found, minutesSince, type Found, type Judge } from './judge'
import { judgeHistories, nameOf } from './of-history'
import type { Tally } from './tally'

/** Each store has a completed recovery point that is young enough, and none that lacks something. */
export const completion: Judge = (facts, expected) =>
  judgeHistories(
    facts,
    expected,
    ({ vault }) => vault !== 'copies',
    (history, tally) => [
      ...newest(facts, history, tally, ['never-backed-up', 'backup-too-old']),
      ...(tally.partial.count > 0
        ? [
            found('backup-partial', nameOf(history), {
              recoveryPoints: tally.partial.count,
              example: tally.partial.example,
            }),
          ]
        : []),
    ],
  )

/** Whether the newest completed recovery point is there, and young enough. */
export function newest(
  facts: DailyFacts,
  history: ExpectedHistory,
  { newestAt }: Tally,
  [missing, old]: readonly ['never-backed-up', 'backup-too-old'] | readonly ['never-copied', 'copy-too-old'],
): Found[] {
  if (newestAt === undefined) return [found(missing, nameOf(history))]
  const most = history.newestWithinMinutes
  const minutes = Math.round(minutesSince(newestAt, facts))
  return most !== undefined && minutes > most ? [found(old, nameOf(history), { minutes, most })] : []
}
