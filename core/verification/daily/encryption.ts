import { found, type Judge } from './judge'
import { judgeHistories, nameOf } from './of-history'

/** Every completed recovery point is encrypted, under the key of its purpose and no other. */
export const encryption: Judge = (facts, expected) =>
  judgeHistories(
    facts,
    expected,
    () => true,
    (history, { keys }) =>
      Object.entries(keys)
        .filter(([key]) => key !== history.key)
        .map(([key, { count, example }]) =>
          found(key === 'nothing' ? 'not-encrypted' : 'foreign-key', nameOf(history), {
            recoveryPoints: count,
            example,
            under: key,
            wanted: history.key,
          }),
        ),
  )
