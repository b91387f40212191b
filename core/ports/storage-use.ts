/** What was used of a storage at one moment. */
export interface UsedAt {
  readonly at: string
  readonly bytes: number
}

/** How full the storage of a database is, and was. */
export interface StorageUse {
  readonly allocatedBytes: number
  /** Oldest first. */
  readonly history: readonly UsedAt[]
}

/** Looks at the storage of a region's databases. */
export interface StorageUses {
  /** Of the last days; undefined where nobody measures the instance. */
  of(instance: string, days: number): Promise<StorageUse | undefined>
}
