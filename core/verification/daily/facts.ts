import type { CodeVerdict } from '../../code/check'
import type { DataClass } from '../../ports/archive-disposal'
import type { DataHolder, Vault, VaultKind } from '../../ports/recovery-points'
import type { RestoreWindow } from '../../ports/restore'
import type { StorageUse } from '../../ports/storage-use'
import type { Seen } from './seen'
import type { VaultTally } from './tally'

/** What a replica tells of itself. */
export interface ReplicationSeen {
  /** Whether it hears from its source. */
  readonly receives: 'up' | 'down' | 'unknown'
  /** When its newest heartbeat was written on the source; left out where it holds none. */
  readonly heartbeatAt?: string
}

/** What the copies of the settings hold of what is in force. */
export interface SettingsSeen {
  readonly inForce: number
  /** Settings that a region should hold in their present version by now and does not, by region. */
  readonly missing: Readonly<Record<string, number>>
}

/** The newest backup of the environment that a region holds, and what came out of it under that region's own key. */
export interface EnvironmentSeen {
  /** Undefined where there is none. */
  readonly newest?: {
    readonly takenAt: string
    /** `yes`, or the code of what went wrong. */
    readonly opened: string
    readonly settings: number
  }
}

/** Everything the judges look at: what one region was seen to be at one moment. Plain data, so that it can be kept and judged again. */
export interface DailyFacts {
  readonly at: string
  /** Null for a vault that is not there. */
  readonly vaults: Readonly<Partial<Record<VaultKind, Seen<Vault | null>>>>
  readonly points: Readonly<Partial<Record<VaultKind, Seen<VaultTally>>>>
  readonly holders: Seen<readonly DataHolder[]>
  /** Null where the database keeps no history. */
  readonly window: Seen<RestoreWindow | null>
  readonly replication: Seen<ReplicationSeen>
  readonly lateDumps: Seen<readonly DataClass[]>
  readonly code: Seen<CodeVerdict>
  readonly settings: Seen<SettingsSeen>
  readonly environment: Seen<EnvironmentSeen>
  /** Null where nobody measures the database. */
  readonly storage: Seen<StorageUse | null>
}
