/** One setting at one version. The value may be a credential: it enters no log, no evidence and no error. */
export interface Setting {
  /** Path such as `/neonpro/configuration/mail/host`. */
  readonly name: string
  /** `sealed` settings are encrypted wherever they lie. */
  readonly kind: 'plain' | 'list' | 'sealed'
  readonly value: string
  /** Counts from 1; starts again when a setting is removed and made anew. */
  readonly version: number
  readonly modifiedAt: string
}

/** Which version of a secret is in force. Its value stays where it is, and is replicated there. */
export interface SecretReference {
  readonly name: string
  readonly versionId: string
}

/** The settings that an application reads in one region, and the only way to change them from here. */
export interface Configuration {
  /** Everything in force, in name order. */
  settings(): AsyncIterable<Setting>
  /** Every version of a setting that is still known, oldest first; none where the setting does not exist. */
  history(name: string): AsyncIterable<Setting>
  secrets(): AsyncIterable<SecretReference>
  /** Puts a value in force as a new version. */
  put(setting: Pick<Setting, 'name' | 'kind' | 'value'>): Promise<void>
  /** Takes a setting out of force; nothing happens where there is none. */
  remove(name: string): Promise<void>
}
