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

export const accessRules: Rules = { passwordsAreLongEnough, tlsMatchesTheStandard }
