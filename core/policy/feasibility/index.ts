import type { Policy } from '../schema'
import { hasRecoveryRegion } from '../two-regions'
import {
  inDatabase,
  NO_RECOVERY_REGION,
  SCENARIOS,
  TIERS,
  worst,
  type Scenario,
  type Tier,
  type WorstCase,
} from './cell'
import { recoveryPoint } from './recovery-point'
import { recoveryTime } from './recovery-time'
import { recoveryPointTarget, recoveryTimeTarget } from './targets'

/** One promise, judged: the worst case of the declared mechanisms against the target. */
export interface FeasibilityRow {
  readonly tier: Tier
  readonly scenario: Scenario
  /** `history`: whether point-in-time recovery to before the event is still possible after it. */
  readonly objective: 'rpo' | 'rto' | 'history'
  readonly worstSeconds: number
  readonly targetSeconds: number
  /**
   * A risk named in the policy is shown as one even where the numbers just hold, and only up to what it accepts.
   * `exception`: a region loss in a topology of one region, which the policy declares not recoverable.
   */
  readonly verdict: 'meets' | 'residual-risk' | 'exception' | 'unreachable'
  /** What the worst case rests on, with the reason of the residual risk or of the exception. */
  readonly because: string
}

/** Every tier in every scenario: what the declared mechanisms can promise at worst. */
export const feasibilityTable = (policy: Policy): readonly FeasibilityRow[] =>
  SCENARIOS.flatMap((scenario) =>
    TIERS.flatMap((tier) => {
      const row = (objective: FeasibilityRow['objective'], found: WorstCase, targetSeconds: number) =>
        judge(policy, { tier, scenario, objective, targetSeconds }, found)
      return [
        row('rpo', recoveryPoint[scenario](policy, tier), recoveryPointTarget(policy, scenario, tier)),
        row('rto', recoveryTime[scenario](policy, tier), recoveryTimeTarget(policy, scenario, tier)),
        ...(scenario === 'region-loss' && inDatabase(tier) ? [row('history', history(policy), 0)] : []),
      ]
    }),
  )

/** The table as lines of text. */
export function renderFeasibility(rows: readonly FeasibilityRow[]): string {
  const cells = [
    ['scenario', 'tier', 'objective', 'worst case', 'target', 'verdict', 'because'],
    ...rows.map((row) => [
      row.scenario,
      row.tier,
      row.objective,
      duration(row.worstSeconds),
      duration(row.targetSeconds),
      row.verdict,
      row.because,
    ]),
  ]
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)))
  return cells
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Throws with the whole table when a worst case exceeds its target, or what a residual risk of the policy accepts. */
export function assertFeasible(policy: Policy): void {
  const rows = feasibilityTable(policy)
  const unreachable = rows.filter(({ verdict }) => verdict === 'unreachable')
  if (unreachable.length === 0) return
  throw new Error(
    [
      `the declared mechanisms cannot keep ${unreachable.length} of ${rows.length} promises:`,
      ...unreachable.map(
        (row) =>
          `  ${row.objective} of ${row.tier} after ${row.scenario}: worst case ${duration(row.worstSeconds)}, target ${duration(row.targetSeconds)}`,
      ),
      'strengthen the mechanism, or name the risk with its reason in residualRisks',
      renderFeasibility(rows),
    ].join('\n'),
  )
}

function history(policy: Policy): WorstCase {
  const { crossRegionPointInTime: logs } = policy.mechanisms
  if (!hasRecoveryRegion(policy)) return NO_RECOVERY_REGION
  return logs.mode === 'replicated'
    ? worst(0, `logs of ${logs.retentionDays} days are replicated to ${policy.topology.regions.recovery}`)
    : worst(Infinity, logs.reason)
}

type Promised = Pick<FeasibilityRow, 'tier' | 'scenario' | 'objective' | 'targetSeconds'>

function judge(policy: Policy, promised: Promised, { seconds, because }: WorstCase): FeasibilityRow {
  const row = { ...promised, worstSeconds: seconds }
  const { topology } = policy
  if (promised.scenario === 'region-loss' && topology.preset === 'brazil-only')
    return { ...row, verdict: 'exception', because: `${because}; declared: ${topology.regionLossException.reason}` }
  const risk = policy.residualRisks.find(
    ({ tier, scenario, objective }) =>
      (tier === row.tier || tier === 'all') && scenario === row.scenario && objective === row.objective,
  )
  if (!risk) return { ...row, verdict: seconds <= row.targetSeconds ? 'meets' : 'unreachable', because }
  const accepted = risk.acceptedWorstMinutes === 'not-recoverable' ? Infinity : risk.acceptedWorstMinutes * 60
  const limit = accepted === Infinity ? '' : ` up to ${duration(accepted)}`
  return seconds <= accepted
    ? { ...row, verdict: 'residual-risk', because: `${because}; accepted${limit}: ${risk.reason}` }
    : { ...row, verdict: 'unreachable', because: `${because}; more than the ${duration(accepted)} that are accepted` }
}

function duration(seconds: number): string {
  if (seconds === Infinity) return 'never'
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 6) / 10} min`
}
