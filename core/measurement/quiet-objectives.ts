import type { Objective } from './drill-result'
import { atMost, exactly } from './objectives'

/** What was seen in a run in which nothing failed. Counts. */
export interface QuietMeasured {
  readonly failuresDeclared: number
  /** Also those that were opened again since. */
  readonly loginsClosed: number
  /** Epochs after the first. */
  readonly claims: number
  readonly replicaFollows: boolean
  readonly lost: number
  readonly ghosts: number
  readonly acknowledgedPerSecond: number
}

/** What a quiet run has to show: a failover that nobody needed is an outage of its own. */
export const quietObjectives = (measured: QuietMeasured, leastPerSecond: number): Objective[] => [
  atMost('failures declared', 0, measured.failuresDeclared),
  atMost('logins closed by a guard', 0, measured.loginsClosed),
  atMost('claims of the right to write', 0, measured.claims),
  exactly('replica', 'follows', measured.replicaFollows ? 'follows' : 'was promoted'),
  atMost('acknowledged writes lost', 0, measured.lost),
  atMost('refused writes found in the data', 0, measured.ghosts),
  exactly(
    `at least ${leastPerSecond} acknowledged writes a second`,
    'reached',
    measured.acknowledgedPerSecond >= leastPerSecond
      ? 'reached'
      : `${Math.round(measured.acknowledgedPerSecond)} a second`,
  ),
]
