import type { AccountAccess } from '../../core/ports/account-access'

/** An adapter over an account with the given report, and roles with their last use. */
export interface AccountUnderTest {
  readonly account: AccountAccess
  holds(report: string, roles: ReadonlyMap<string, Date | undefined>): void
}

type PasswordPolicies = Pick<AccountAccess, 'passwordPolicy' | 'setPasswordPolicy'>

const POLICY = {
  minimumLength: 12,
  upperCase: true,
  lowerCase: true,
  numbers: true,
  symbols: true,
  maxAgeDays: 90,
  remembered: 24,
}

/** What every adapter of AccountAccess promises. */
export function describeAccountAccess(name: string, make: () => AccountUnderTest): void {
  describe(`account access: ${name}`, () => {
    it('gives the report as it is', async () => {
      const { account, holds } = make()
      holds('user,arn\nsomebody,"a,b"\n', new Map())
      expect(await account.credentialReport()).toBe('user,arn\nsomebody,"a,b"\n')
    })

    it('tells a role that was taken from one that never was, and from one that is not there', async () => {
      const { account, holds } = make()
      const at = new Date('2026-11-01T00:00:00.000Z')
      holds(
        '',
        new Map([
          ['taken', at],
          ['idle', undefined],
        ]),
      )
      expect([await account.roleLastUsed('taken'), await account.roleLastUsed('idle')]).toEqual([at, undefined])
      await expect(account.roleLastUsed('gone')).rejects.toMatchObject({ failure: 'conflict', code: 'ROLE_MISSING' })
    })
  })
}

/** What it promises of the password policy, which is the one thing of an account that it sets. */
export function describePasswordPolicy(name: string, make: () => Promise<PasswordPolicies> | PasswordPolicies): void {
  describe(`password policy: ${name}`, () => {
    it('has no password policy until one is set, and then exactly that one', async () => {
      const account = await make()
      expect(await account.passwordPolicy()).toBeUndefined()
      await account.setPasswordPolicy(POLICY)
      expect(await account.passwordPolicy()).toEqual(POLICY)
      const { maxAgeDays: _, remembered: __, ...shorter } = POLICY
      await account.setPasswordPolicy(shorter)
      expect(await account.passwordPolicy()).toEqual(shorter)
    })
  })
}
