import type { Policy } from '../core/policy'

/** Who people are. The procedure names what has to hold; the numbers that it does not name are ours. */
export const people: Policy['people'] = {
  // Placeholder in AWS's documentation range: the account that holds the users of people, and nothing of the platform.
  identity: { from: 'iam-mfa', accountId: '444455556666' },
  mfaMaxAgeMinutes: 30,
  elevation: { sessionMinutes: 30, requestMinutes: 60 },
  breakGlass: { mode: 'sealed-user', userName: 'break-glass' },
  passwordPolicy: { mode: 'enforce', maxAgeDays: 90, remembered: 24 },
  review: { unusedDays: 90, keyMaxAgeDays: 90, elsewhere: 'Security Team' },
}
