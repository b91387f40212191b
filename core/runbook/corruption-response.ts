import type { Policy } from '../policy'
import type { DataValidation, InstanceRef } from '../ports/database'
import type { RestoreTarget } from '../ports/restore'
import type { ExecutableRunbook } from './runbooks'

/** A copy that could take over, and what was found when it was looked at. */
export interface ExaminedCopy {
  readonly ref: InstanceRef
  readonly kind: 'zone-standby' | 'replica' | 'delayed-replica'
  /** Of amcheck, page checksums and content. */
  readonly verdict: DataValidation['verdict']
}

/** What is known of a corruption. */
export interface CorruptionFindings {
  /** `page`: bytes on one disk are not what was written. `content`: what was written is wrong, and was replicated. */
  readonly damage: 'page' | 'content'
  readonly copies: readonly ExaminedCopy[]
  /** The last good state, where somebody or something knows it. */
  readonly lastGood?: RestoreTarget
}

/** Which runbook answers, and what it makes the writer; or that people have to find out more. */
export type CorruptionResponse =
  | {
      readonly runbook: Extract<ExecutableRunbook, 'zone-failover' | 'region-failover'>
      readonly successor: InstanceRef
      /** A delayed replica has to be stopped before it replays what is wrong. */
      readonly stopReplayBefore?: RestoreTarget
    }
  | { readonly runbook: 'point-in-time-recovery'; readonly target: RestoreTarget }
  | { readonly runbook: 'none'; readonly missing: 'last-good-state' }

/**
 * Damaged pages are not replicated by the log, so that a copy proved clean loses nothing: the nearest first. Wrong content
 * is on every copy that follows at once; only one that stays behind, or the history, is from before. What could not be
 * judged is not proved.
 */
export function respondToCorruption(
  { damage, copies, lastGood }: CorruptionFindings,
  { delayedReplica }: Policy['mechanisms'],
): CorruptionResponse {
  const proved = (kind: ExaminedCopy['kind']) =>
    copies.find((copy) => copy.kind === kind && copy.verdict === 'pass')?.ref
  if (damage === 'page') {
    const [standby, replica] = [proved('zone-standby'), proved('replica')]
    if (standby) return { runbook: 'zone-failover', successor: standby }
    if (replica) return { runbook: 'region-failover', successor: replica }
  }
  if (!lastGood) return { runbook: 'none', missing: 'last-good-state' }
  const behind = proved('delayed-replica')
  if (damage === 'content' && delayedReplica.mode === 'delayed' && behind)
    return { runbook: 'region-failover', successor: behind, stopReplayBefore: lastGood }
  return { runbook: 'point-in-time-recovery', target: lastGood }
}
