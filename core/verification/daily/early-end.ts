import { found, type Judge } from './judge'
import { judgeHistories, nameOf } from './of-history'

/** Nothing ends before its time, and between the oldest and the newest recovery point no day is missing. */
export const earlyEnd: Judge = (facts, expected) =>
  judgeHistories(
    facts,
    expected,
    () => true,
    (history, { endsEarly, lostEarly, days }) => {
      const gone = endsEarly.count + lostEarly.count
      const gapDays = history.newestWithinMinutes === undefined ? 0 : longestGap(days)
      // The longest-kept tiers reach back in steps of their own.
      const daily = Math.ceil((history.newestWithinMinutes ?? 0) / 1440)
      return [
        ...(gone > 0
          ? [
              found('ends-early', nameOf(history), {
                recoveryPoints: gone,
                example: lostEarly.example || endsEarly.example,
              }),
            ]
          : []),
        ...(gapDays > daily ? [found('history-has-a-gap', nameOf(history), { gapDays, most: daily })] : []),
      ]

      /** Over the days that daily recovery points are kept, seen from the newest one. */
      function longestGap(all: readonly number[]): number {
        const newest = Math.max(...all)
        const within = all.filter((day) => day > newest - Math.min(...history.keptDays)).toSorted((a, b) => a - b)
        return within.reduce((most, day, at) => (at === 0 ? most : Math.max(most, day - within[at - 1]!)), 0)
      }
    },
  )
