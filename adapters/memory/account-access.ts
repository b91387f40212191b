import type { AccountAccess, PasswordPolicy } from '../../core/ports/account-access'
import { PortError } from '../../core/ports/errors'

/** An account in memory. */
export class MemoryAccountAccess implements AccountAccess {
  report = ''
  /** Roles that exist, with their last use. */
  readonly roles = new Map<string, Date | undefined>()
  private passwords: PasswordPolicy | undefined

  async credentialReport(): Promise<string> {
    return this.report
  }

  async roleLastUsed(role: string): Promise<Date | undefined> {
    if (!this.roles.has(role)) throw new PortError('conflict', 'ROLE_MISSING', `there is no role '${role}'`)
    return this.roles.get(role)
  }

  async passwordPolicy(): Promise<PasswordPolicy | undefined> {
    return this.passwords
  }

  async setPasswordPolicy(policy: PasswordPolicy): Promise<void> {
    this.passwords = { ...policy }
  }
}
