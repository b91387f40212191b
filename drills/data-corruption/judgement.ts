import type { OldPrimaryAttempt } from '../../adapters/local/old-primary'
import {
  acceptedByOldPrimary,
  atMost,
  breakDown,
  exactly,
  phaseSeconds,
  projectPointInTimeRecovery,
  REGION_FAILOVER_PHASES,
  type Objective,
  type PhaseSpan,
  type Projection,
} from '../../core/measurement'
import type { RunState } from '../../core/runbook/model'
import type { Observation } from '../observation'
import type { Stage } from '../stage'
import { unlisted, unlistedDeletions } from '../unlisted-writes'
import type { Damage } from './damage'
import type { Found } from './detection'

export interface PlayedRecovery {
  readonly damage: Damage
  /** Rows that were deleted after it. */
  readonly deletedRows: number
  readonly found: Found
  readonly run: RunState
  readonly observation: Observation
  readonly oldPrimary: readonly OldPrimaryAttempt[]
}

/**
 * Nothing written before the target may be lost, and everything that was written since has to be on the list. What the
 * clients lost is known from their own logs, and what the list is made of from the old database.
 */
export async function judgePointInTime(
  stage: Stage,
  { damage, deletedRows, found, run, observation, oldPrimary }: PlayedRecovery,
): Promise<{ phases: PhaseSpan[]; projection: Projection; objectives: Objective[]; targetSeconds: number }> {
  const { policy } = stage.size
  const { measured, counted } = observation
  const phases = breakDown({
    faultAt: damage.struck.at,
    steps: Object.entries(run.steps).map(([name, { finishedAt }]) => ({ name, ...(finishedAt ? { finishedAt } : {}) })),
    endsWith: REGION_FAILOVER_PHASES,
    ...(measured.servedAgainAt ? { servedAgainAt: measured.servedAgainAt } : {}),
  })
  const projection = projectPointInTimeRecovery(policy, {
    reconnectSeconds: phaseSeconds(phases).reconnectSeconds ?? 0,
  })
  const targetSeconds = policy.objectives.rto.dataRecoveryMinutes * 60
  const { finishedAt, output } = run.steps['validate'] ?? {}
  const listed = run.steps['list-later-writes']?.output as { kind?: string } | undefined
  return {
    phases,
    projection,
    targetSeconds,
    objectives: [
      atMost('RTO of data recovery as the clients saw it, seconds', targetSeconds, measured.outage?.seconds),
      atMost('RTO of data recovery at production pace, seconds', targetSeconds, projection.totalSeconds),
      atMost('RTO of data recovery, seconds', targetSeconds, secondsBetween(damage.struck.at, finishedAt)),
      exactly('transaction that the checks found', damage.transaction ?? 'none', found.rewrite?.transaction),
      exactly('content of the recovered data', 'pass', (output as { verdict?: string } | undefined)?.verdict),
      exactly('list of later writes', 'listed', listed?.kind),
      atMost(
        'lost writes that the list does not hold',
        0,
        await unlisted(stage, targetOf(run), observation, run.steps['list-later-writes']?.output),
      ),
      atMost('rows deleted later that the list does not hold', 0, unlistedDeletions(deletedRows, listed)),
      atMost('refused writes found in the data', 0, counted?.loss.ghost),
      atMost('lost transactions that an independent log does not confirm', 0, counted?.disagreements),
      atMost('writes accepted by the old primary after the recovery', 0, acceptedByOldPrimary(oldPrimary)),
    ],
  }
}

const secondsBetween = (from: string, to: string | undefined): number | undefined =>
  to === undefined ? undefined : (Date.parse(to) - Date.parse(from)) / 1000

const targetOf = (run: RunState): string | undefined => (run.steps['decide']?.output as { at?: string } | undefined)?.at
