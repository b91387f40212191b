import type { DatabaseFingerprint } from '../integrity/fingerprint'

/** Which database a backup is of, and of which moment. */
export interface BackupOrigin {
  /** The number that initdb gave the cluster; absent where the role may not ask for it. */
  readonly cluster?: string
  readonly database: string
  readonly serverVersion: string
  /** Position in the log that the snapshot holds at least. */
  readonly position: string
  /** The moment of the snapshot by the server's own clock, in ISO 8601. */
  readonly at: string
}

/** What a database is made with, and what belongs to it and not to anything in it: a dump that may go anywhere has none of it. */
export interface DatabaseProperties {
  readonly encoding: string
  readonly localeProvider: string
  readonly collate: string
  readonly ctype: string
  readonly locale?: string
  readonly icuRules?: string
  readonly owner: string
  /** Privileges as PostgreSQL writes them; absent where nobody has changed them. */
  readonly privileges?: readonly Privilege[]
  readonly settings: readonly Setting[]
}

export interface Privilege {
  /** Absent for everybody. */
  readonly grantee?: string
  readonly privilege: string
  readonly grantable: boolean
}

/** A setting that sessions of a role, or of anybody, begin with. */
export interface Setting {
  readonly role?: string
  readonly name: string
  readonly value: string
}

/** A role of the cluster, without its password: a dump of one database holds none of them. */
export interface BackupRole {
  readonly name: string
  /** As `create role` takes them, such as `LOGIN`. */
  readonly attributes: readonly string[]
  readonly connectionLimit: number
  readonly validUntil?: string
  readonly memberOf: readonly Membership[]
  /** In every database. */
  readonly settings: readonly Setting[]
}

export interface Membership {
  readonly role: string
  /** As `grant` takes them, such as `ADMIN TRUE`. */
  readonly options: readonly string[]
}

/** Definitions without rows, or some of the rows, as `pg_restore` reads them. */
export interface DumpPart {
  /** `schema`, or `rows-` and a number. */
  readonly name: string
  /** Given once. Ends with PortError where the program that dumps did not end well. */
  bytes(): AsyncIterable<Uint8Array>
}

/** One state of a whole database, held still while it is read. */
export interface HeldState {
  readonly origin: BackupOrigin
  readonly properties: DatabaseProperties
  /** Version of the program that dumps. */
  readonly client: string
  readonly roles: readonly BackupRole[]
  /** All of the database: `schema`, then parts of its rows, which are read at the same time. */
  readonly parts: readonly DumpPart[]
  /** Content and catalog of the same state, without any value of a row; begins once every part has. */
  fingerprint(): Promise<DatabaseFingerprint>
}

export interface BackupSource {
  held<T>(work: (state: HeldState) => Promise<T>): Promise<T>
}
