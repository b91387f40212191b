/** The vaults of a data region, by what lies in them. */
export type VaultKind = 'pitr' | 'snapshots' | 'copies'

/** Whose key encrypts something: one of ours by its purpose, one of somebody else, or nobody's. */
export type HeldUnder = 'database' | 'backup' | 'foreign' | 'nothing'

/** One backup of one thing, as the service that keeps it tells of it. */
export interface RecoveryPoint {
  readonly id: string
  /** Physical name of what it was taken of. */
  readonly resource: string
  /** - `lost`: it has expired, is being deleted, or was stopped; - `partial`: something of it is missing. */
  readonly state: 'completed' | 'running' | 'partial' | 'lost'
  readonly createdAt: string
  readonly completedAt?: string
  readonly key: HeldUnder
  /** Days from its creation to its end; left out where it has none. */
  readonly keptDays?: number
  /** When the service ends it; left out where it never does. */
  readonly endsAt?: string
  /** Days after which it moves to where a restore takes hours. */
  readonly coldAfterDays?: number
  readonly bytes: number
}

export interface RecoveryPointPage {
  readonly points: readonly RecoveryPoint[]
  /** Where the next page begins; left out on the last one. */
  readonly next?: string
}

/** A place of recovery points. */
export interface Vault {
  /** Null: whoever may, can delete what lies in it. */
  readonly lock: { readonly minDays: number; readonly maxDays: number } | null
  readonly key: HeldUnder
}

/** A database or a bucket of the region, whoever made it. */
export interface DataHolder {
  readonly name: string
  /** - `replica`: its source is what is backed up; - `test-copy`: restored as a test, and thrown away. */
  readonly role: 'writer' | 'replica' | 'test-copy' | 'bucket'
}

/** The backups of one region. Looks, and changes nothing. */
export interface RecoveryPoints {
  readonly region: string
  /** Undefined where there is no such vault. */
  vault(kind: VaultKind): Promise<Vault | undefined>
  /**
   * One page of a vault, in an order that stays as it is while nothing is added. Throws PortError('invalid') for a `from`
   * that the service does not know any more.
   */
  page(kind: VaultKind, from?: string): Promise<RecoveryPointPage>
  /** Every database and every bucket of the region, page by page. */
  holders(): AsyncIterable<DataHolder>
}
