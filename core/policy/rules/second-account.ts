import { IRREVERSIBLE } from '../irreversible'
import type { Policy } from '../schema'
import { rule, when, type Finding, type Rules } from './rule'

type Copies = Extract<Policy['backup']['secondAccount'], { readonly mode: 'copies' }>

/** Applies a check only where another account holds copies. */
const whereCopied =
  (check: (copies: Copies, policy: Policy) => readonly Finding[]) =>
  (policy: Policy): readonly Finding[] =>
    policy.backup.secondAccount.mode === 'copies' ? check(policy.backup.secondAccount, policy) : []

const secondAccountIsAnother = rule(
  'whoever takes over the account of the environment does not hold the copies',
  ['backup.secondAccount.accountId', 'topology.accountId'],
  whereCopied(({ accountId }, { topology }) =>
    when(
      accountId === topology.accountId,
      'backup.secondAccount.accountId',
      `is '${accountId}', the account of the environment`,
      'use an account of its own',
    ),
  ),
)

// The transfer register knows only the regions of the topology.
const secondAccountStaysInKnownRegions = rule(
  'copies in another account go no further than the environment itself',
  ['backup.secondAccount.region', 'topology.regions'],
  whereCopied(({ region }, { topology: { regions } }) => {
    const known = Object.entries(regions)
      .filter(([role]) => role !== 'witness')
      .map(([, name]) => name)
    return when(
      !known.includes(region),
      'backup.secondAccount.region',
      `is '${region}'`,
      `use one of ${known.join(', ')}`,
    )
  }),
)

// An account that is closed loses its locked vaults too: what makes them last is the lock and that nobody works there.
const secondAccountIsLocked = rule(
  'the copies of another account are locked',
  ['backup.secondAccount.lock', 'backup.secondAccount.retentionDays'],
  whereCopied(({ lock, retentionDays }) => {
    if (lock.mode === 'none')
      return when(
        true,
        'backup.secondAccount.lock.mode',
        "is 'none'",
        "use 'governance' or 'compliance': the lock is what that account is for",
      )
    return [
      ...when(
        retentionDays < lock.minRetentionDays || retentionDays > lock.maxRetentionDays,
        'backup.secondAccount.lock',
        `accepts ${lock.minRetentionDays} to ${lock.maxRetentionDays} days, copies are kept ${retentionDays}`,
        'widen the lock or change the retention',
      ),
      ...when(
        lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE,
        'backup.secondAccount.lock.irreversibleAcknowledgement',
        'does not accept what cannot be undone',
        `write exactly '${IRREVERSIBLE}'`,
      ),
    ]
  }),
)

export const secondAccountRules: Rules = {
  secondAccountIsAnother,
  secondAccountStaysInKnownRegions,
  secondAccountIsLocked,
}
