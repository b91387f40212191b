import { contentHash } from '../evidence/hash'
import type { Policy } from '../policy'
import type { AccountAccess, PasswordPolicy } from '../ports/account-access'
import type { Clock } from '../ports/clock'
import type { EvidenceLog } from '../ports/evidence-log'

interface PasswordWorld {
  readonly policy: Policy
  readonly account: AccountAccess
  readonly evidence: EvidenceLog
  readonly clock: Clock
}

/** What the policy demands; undefined where somebody else runs the account's passwords. */
export function demanded({ access, people: { passwordPolicy: own } }: Policy): PasswordPolicy | undefined {
  if (own.mode === 'existing') return undefined
  const mixed = access.authentication.passwordMixedTypes
  return {
    minimumLength: access.authentication.passwordMinLength,
    upperCase: mixed,
    lowerCase: mixed,
    numbers: mixed,
    symbols: mixed,
    maxAgeDays: own.maxAgeDays,
    remembered: own.remembered,
  }
}

/** Sets the account's password policy where it is not the one demanded, with evidence. CloudFormation has no resource for it. */
export async function keepPasswordPolicy(world: PasswordWorld): Promise<{ readonly set: boolean }> {
  const { policy, account, evidence, clock } = world
  const wanted = demanded(policy)
  if (!wanted) return { set: false }
  const startedAt = clock.now().toISOString()
  const found = await account.passwordPolicy()
  if (found && contentHash(found) === contentHash(wanted)) return { set: false }
  await account.setPasswordPolicy(wanted)
  await evidence.append({
    key: `password-policy/${startedAt}`,
    kind: 'password-policy-set',
    subject: 'account-password-policy',
    startedAt,
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: { was: found ? 'another' : 'none', minimumLength: wanted.minimumLength },
    artefacts: [],
    controls: ['AC-02'],
    actor: 'password-policy',
  })
  return { set: true }
}
