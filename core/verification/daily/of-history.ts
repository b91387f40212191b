import type { ExpectedHistory, Expectations } from './expectations'
import type { DailyFacts } from './facts'
import { judgeEach, type Found, type Judged } from './judge'
import type { Tally } from './tally'

/** Judges each expected history by the tally of its recovery points, in the vaults that are asked for. */
export const judgeHistories = (
  facts: DailyFacts,
  { histories }: Expectations,
  wanted: (history: ExpectedHistory) => boolean,
  judge: (history: ExpectedHistory, tally: Tally) => readonly Found[],
): Judged | undefined =>
  judgeEach(
    histories.filter(wanted),
    ({ vault }) => facts.points[vault],
    (history, { of }) => {
      const tally = of[history.resource]
      return tally ? judge(history, tally) : []
    },
  )

/** How a history goes by in a finding. */
export const nameOf = ({ resource, vault }: ExpectedHistory): string => `${vault}/${resource}`
