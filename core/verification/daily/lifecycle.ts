import { found, type Judge } from './judge'
import { judgeHistories, nameOf } from './of-history'

/** Every completed recovery point is kept as long as a rule says, and where a restore finds it at once. */
export const lifecycle: Judge = (facts, expected) =>
  judgeHistories(
    facts,
    expected,
    () => true,
    (history, { kept, cold }) => [
      ...Object.entries(kept)
        .filter(([days]) => !history.keptDays.map(String).includes(days))
        .map(([days, { count, example }]) =>
          found('wrong-retention', nameOf(history), {
            recoveryPoints: count,
            example,
            days,
            wanted: [...history.keptDays],
          }),
        ),
      ...(cold.count > 0
        ? [found('in-cold-storage', nameOf(history), { recoveryPoints: cold.count, example: cold.example })]
        : []),
    ],
  )
