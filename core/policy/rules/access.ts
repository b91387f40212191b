import { rule, when, type Rules } from './rule'

const passwordsAreLongEnough = rule(
  'passwords have at least the 12 characters of the procedure',
  ['access.authentication.passwordMinLength'],
  ({ access: { authentication: a } }) =>
    when(
      a.passwordMinLength < 12,
      'access.authentication.passwordMinLength',
      `is ${a.passwordMinLength}`,
      'use at least 12',
    ),
)

const tlsMatchesTheStandard = rule(
  'the database accepts no TLS older than the encryption standard says',
  ['database.tlsMinimum', 'encryption.inTransit.database'],
  ({ database, encryption }) =>
    when(
      encryption.inTransit.database.includes('TLS 1.3') && database.tlsMinimum !== 'TLSv1.3',
      'database.tlsMinimum',
      `is ${database.tlsMinimum}, the standard says TLS 1.3`,
      "use 'TLSv1.3'",
    ),
)

const elevationEndsInTime = rule(
  'a role for one task lasts no longer than an idle session may',
  ['people.elevation.sessionMinutes', 'access.authentication.idleTimeoutMinutes'],
  ({ people: { elevation }, access: { authentication } }) =>
    when(
      elevation.sessionMinutes > authentication.idleTimeoutMinutes,
      'people.elevation.sessionMinutes',
      `is ${elevation.sessionMinutes}, the procedure ends a session after ${authentication.idleTimeoutMinutes}`,
      `use at most ${authentication.idleTimeoutMinutes}`,
    ),
)

const secondFactorIsFresh = rule(
  'the second factor is no older than an idle session may be',
  ['people.mfaMaxAgeMinutes', 'access.authentication.idleTimeoutMinutes'],
  ({ people, access: { authentication } }) =>
    when(
      people.mfaMaxAgeMinutes > authentication.idleTimeoutMinutes,
      'people.mfaMaxAgeMinutes',
      `is ${people.mfaMaxAgeMinutes}, the procedure ends a session after ${authentication.idleTimeoutMinutes}`,
      `use at most ${authentication.idleTimeoutMinutes}`,
    ),
)

const peopleLiveElsewhere = rule(
  'the account that is protected has no users besides the last resort',
  ['people.identity', 'topology.accountId'],
  ({ people: { identity }, topology }) =>
    when(
      identity.from === 'iam-mfa' && identity.accountId === topology.accountId,
      'people.identity.accountId',
      'is the account that is protected',
      'name the account that holds the users of people',
    ),
)

const deletionHasALastResort = rule(
  'who may end a recovery point in an emergency exists',
  ['backup.vaultAccess', 'people.breakGlass'],
  ({ backup, people }) =>
    when(
      backup.vaultAccess.mode === 'break-glass' && people.breakGlass.mode === 'none',
      'people.breakGlass.mode',
      "is 'none', and the vaults let break-glass end recovery points",
      "use 'sealed-user', or close the vaults to everybody",
    ),
)

export const accessRules: Rules = {
  passwordsAreLongEnough,
  tlsMatchesTheStandard,
  elevationEndsInTime,
  secondFactorIsFresh,
  peopleLiveElsewhere,
  deletionHasALastResort,
}
