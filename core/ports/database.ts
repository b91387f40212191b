import type { Json } from '../json'

/** One database instance of the topology, by its physical name. */
export interface InstanceRef {
  readonly region: string
  readonly instance: string
}

/** What an instance is at this moment, read from its control plane. */
export interface InstanceDescription extends InstanceRef {
  /** `failed`: its control plane gave it up, and no waiting makes it available. */
  readonly status: 'available' | 'promoting' | 'backing-up' | 'stopped' | 'failed' | 'other'
  readonly role: 'primary' | 'replica'
  /** Zone of its region that it serves from. @default not known */
  readonly zone?: string
  /** Instance a replica follows; absent on a primary. */
  readonly source?: string
  /** Where clients connect and what the certificate names; never the served name. */
  readonly endpoint: { readonly host: string; readonly port: number }
}

/** Reads what exists. Never changes anything. */
export interface Inventory {
  /** Undefined where the instance does not exist; PortError('unreachable') where its region does not answer. */
  describe(ref: InstanceRef): Promise<InstanceDescription | undefined>
}

/** Turns a replica into a primary. The one privilege that can create a second writer. */
export interface Promotion {
  /** Starts the promotion once; called again with the same key it changes nothing. */
  promote(ref: InstanceRef, request: { readonly key: string; readonly backupRetentionDays: number }): Promise<void>
}

/** What a fence attempt proved. Only `fenced` counts as fencing (a). */
export type FenceOutcome =
  | {
      readonly kind: 'fenced'
      readonly rolesRefused: readonly string[]
      readonly sessionsTerminated: number
      /** Position in the log read after the last session had ended: the end of what clients wrote. */
      readonly writtenUpTo: string
    }
  | { readonly kind: 'not-proven'; readonly rolesStillWriting: readonly string[] }
  | { readonly kind: 'unreachable' }

/**
 * Closes a database for every login role but the fence role: NOLOGIN first, then every client backend
 * terminated, then a write refused through each role. Read-only defaults alone do not fence.
 */
export interface Fence {
  close(ref: InstanceRef, request: { readonly key: string; readonly epoch: number }): Promise<FenceOutcome>
}

/** One named check of a validation and what it saw. */
export interface DataCheck {
  readonly name: string
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** Counts, table names, hashes: never a value of a row. */
  readonly detail: Json
}

/** Content, counts, constraints, sequences and index structure of one database, judged. */
export interface DataValidation {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly checks: readonly DataCheck[]
}

/**
 * What a restore must not undo. `block` stands for an erasure where the law keeps the record: it stays, for that purpose
 * alone (LGPD art. 16 I). The subject of an access revocation is a login role.
 */
export const LEDGER_KINDS = ['erasure', 'block', 'consent-withdrawal', 'correction', 'access-revocation'] as const

/** One request that was accepted: a pseudonym and a code, never the data that it is about. */
export interface LedgerEntry {
  readonly sequence: number
  /** Reference of the request; the same request again is the same entry. */
  readonly id: string
  readonly kind: (typeof LEDGER_KINDS)[number]
  /** Pseudonymous key of the record's subject, or the name of a login role. */
  readonly subjectId: string
  readonly acceptedAt: string
  /** SHA-256 of the sealed fields of a correction, which lie outside the ledger. */
  readonly payloadHash?: string
  /** When the production database was said to hold it; absent until then. */
  readonly appliedAt?: string
}

/** What has to be applied again to a recovered database, and how long the ledger is that it was taken from. */
export interface ReplaySet {
  readonly entries: readonly LedgerEntry[]
  /** Sequence of the ledger's last link. */
  readonly head: number
}

/** A session with a named node of the database, in the words of a runbook. */
export interface DatabaseSession {
  /** Whether the node still replays from its source. */
  inRecovery(ref: InstanceRef): Promise<boolean>
  /** Position of the last heartbeat the node holds: the live measure of what a promotion would lose. */
  lastHeartbeat(ref: InstanceRef): Promise<{ readonly sequence: number; readonly at: string } | undefined>
  /** Whether a node holds everything up to a position in the log: a replica has replayed it, a writer has written it. */
  holdsUpTo(ref: InstanceRef, position: string): Promise<boolean>
  /** Denies login to the application roles, so that nothing enters before `openLogins`. */
  closeLogins(ref: InstanceRef): Promise<{ readonly roles: readonly string[] }>
  /** Commits one row under the key and reads it back from a second session. */
  proveWrite(ref: InstanceRef, key: string): Promise<{ readonly position: string }>
  validate(ref: InstanceRef): Promise<DataValidation>
  /**
   * Applies the entries that the node was not given before and looks at the node again, all or nothing: with a residue,
   * what stands against an entry afterwards, nothing is applied. Throws PortError('conflict') where the node was given
   * entries that the ledger does not reach, or where the fields of a correction are missing or changed.
   */
  replayLedger(ref: InstanceRef, set: ReplaySet): Promise<{ readonly applied: number; readonly residue: number }>
  /** Grants the write lease for the epoch and lets the application roles log in. */
  openLogins(ref: InstanceRef, epoch: number): Promise<{ readonly roles: readonly string[] }>
}
