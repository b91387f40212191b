/** One thing of an account that protects, or has to be protected. No two of a kind have one name in a region. */
export interface Guarded {
  readonly kind: Protection['kind']
  readonly region: string
  readonly name: string
}

interface Named {
  readonly region: string
  readonly name: string
}

/** After how many days objects end, and old versions of them; left out: never. */
export interface Expiry {
  readonly objectDays?: number
  readonly versionDays?: number
}

export interface BucketProtection extends Named {
  readonly kind: 'bucket'
  /** Whether neither a list nor a policy can open it to everybody. */
  readonly refusesPublic: boolean
  /** The soonest end of what a scope covers, such as `exports/*`; by it and not by the rule, which AWS may name. */
  readonly ends: Readonly<Record<string, Expiry>>
}

export interface VaultProtection extends Named {
  readonly kind: 'vault'
  /** Null: whoever may, can delete what lies in it. */
  readonly lock: { readonly minDays: number; readonly maxDays: number } | null
}

export interface PlanProtection extends Named {
  readonly kind: 'backup-plan'
  /** Days that a backup is kept, by the name of the rule that makes it. */
  readonly keepsDays: Readonly<Record<string, number>>
}

export interface SelectionProtection extends Named {
  readonly kind: 'backup-selection'
  /** Plan that it selects for. */
  readonly plan: string
  /** Role under which AWS Backup reads what is selected. */
  readonly role: string
  readonly resources: readonly string[]
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  /** What it leaves out all the same: resources, and keys of conditions. @default nothing, as every selection of ours */
  readonly leavesOut?: readonly string[]
}

/** A snapshot of a database that somebody took by hand; what AWS Backup takes has the key of its vault or of its source. */
export interface CopyProtection extends Named {
  readonly kind: 'copy'
  /** Alias of the key that encrypts it; null for none of ours. */
  readonly key: string | null
}

export interface DatabaseProtection extends Named {
  readonly kind: 'database'
  readonly refusesDeletion: boolean
}

export interface LogProtection extends Named {
  readonly kind: 'log-group'
  /** Null: for ever. */
  readonly keepsDays: number | null
}

/** A key goes by its alias. */
export interface KeyProtection extends Named {
  readonly kind: 'key'
  readonly rotates: boolean
}

export interface TrailProtection extends Named {
  readonly kind: 'trail'
  readonly records: boolean
}

/** How one thing is protected: as it is declared, or as it stands. */
export type Protection =
  | BucketProtection
  | VaultProtection
  | PlanProtection
  | SelectionProtection
  | CopyProtection
  | DatabaseProtection
  | LogProtection
  | KeyProtection
  | TrailProtection

/** What an account really is. Looks, and changes nothing. */
export interface Compliance {
  /** How a thing is protected now; undefined where it does not exist. */
  protectionOf(thing: Guarded): Promise<Protection | undefined>
  /** Every snapshot that somebody took by hand in a region, with its key. */
  copies(region: string): Promise<readonly CopyProtection[]>
  /** What is declared of the things of a region, by those who deployed them. */
  declaredIn(region: string): Promise<Declared>
}

/** What an account is held to in one region. */
export interface Declared {
  readonly protections: readonly Protection[]
  /** Alias of the key that snapshots have to have. @default none is declared */
  readonly keyOfCopies?: string
}

/** Puts back what protects. It can weaken nothing: it is told what is declared, never what to do. */
export interface Remedies {
  /**
   * Makes a thing as protected as it is declared. `under-way` where that takes time: the same call again goes on.
   * Throws PortError('conflict') for what is gone and cannot be made anew from its protection alone.
   */
  restore(declared: Protection, request: { readonly key: string }): Promise<'restored' | 'under-way'>
}
