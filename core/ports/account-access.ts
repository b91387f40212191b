/** How passwords of an account have to be; a number that is not set is no demand. */
export interface PasswordPolicy {
  readonly minimumLength: number
  readonly upperCase: boolean
  readonly lowerCase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
  readonly maxAgeDays?: number
  readonly remembered?: number
}

/** Who can get into the account. */
export interface AccountAccess {
  /** The credential report as AWS writes it: comma-separated lines with a header. */
  credentialReport(): Promise<string>
  /** When a role was last taken, of what AWS remembers; undefined where it never was. Throws PortError where there is no such role. */
  roleLastUsed(role: string): Promise<Date | undefined>
  /** Undefined where none was ever set. */
  passwordPolicy(): Promise<PasswordPolicy | undefined>
  /** Replaces the whole policy. */
  setPasswordPolicy(policy: PasswordPolicy): Promise<void>
}
