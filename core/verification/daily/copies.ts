import { newest } from './completion'
import type { Judge } from './judge'
import { judgeHistories } from './of-history'

/** What the other region backs up has arrived here. */
export const copies: Judge = (facts, expected) =>
  judgeHistories(
    facts,
    expected,
    ({ vault }) => vault === 'copies',
    (history, tally) => newest(facts, history, tally, ['never-copied', 'copy-too-old']),
  )
