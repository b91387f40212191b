import type { ConfigurationCopy } from '../../configuration/copies'
import type { Policy } from '../../policy'
import type { ArchiveIntake } from '../../ports/archive-intake'
import type { Clock } from '../../ports/clock'
import type { CodeCopies } from '../../ports/code-copies'
import type { Configuration } from '../../ports/configuration'
import type { EvidenceLog } from '../../ports/evidence-log'
import type { RecoveryPoints } from '../../ports/recovery-points'
import type { Restore } from '../../ports/restore'
import type { StorageUses } from '../../ports/storage-use'
import type { WriteOnceStore } from '../../ports/write-once-store'
import type { DataRole } from './expectations'
import type { ReplicationSeen } from './facts'

/** Everything of one region that the daily checks look at. */
export interface DailyWorld {
  readonly policy: Policy
  readonly role: DataRole
  readonly clock: Clock
  readonly points: RecoveryPoints
  readonly restore: Pick<Restore, 'window'>
  /** Of the replica in this region. */
  readonly replication: () => Promise<ReplicationSeen>
  readonly archive: Pick<ArchiveIntake, 'holds'>
  readonly code: { readonly copies: CodeCopies; readonly publicKey: () => Promise<string> }
  /** What is in force here. */
  readonly configuration: Pick<Configuration, 'settings'>
  /** The copy that this region holds, under its own key alone: it is the one that has to open without any other region. */
  readonly copy: ConfigurationCopy
  /** The same of every region, to see which of them has what is in force. */
  readonly stores: readonly Pick<ConfigurationCopy, 'region' | 'store'>[]
  readonly storage: StorageUses
  readonly evidence: EvidenceLog
  /** Where a reading that ran out of time leaves off. */
  readonly progress: WriteOnceStore
}
