import { none, open, recorded, template } from './checks'
import type { Control } from './control'

const ACCOUNT = 'no function of ours reads that of the account yet'
const PROVIDER = 'the provider of identities is outside of the stacks'
const QUARTER = 92

const ROLES = ['operator', 'backup-operator', 'incident-commander', 'auditor', 'records-commission', 'break-glass']

/** Who may do what, and how that is proven at the door. */
export const ACCESS: readonly Control[] = [
  {
    id: 'AC-01',
    title: { en: 'Second factor', pt: 'Segundo fator' },
    norms: ['LGPD 46'],
    checks: [
      template(
        'every role of a person asks for a second factor that is not old',
        ...ROLES.flatMap((role) => [
          `a second factor is asked of whoever takes the role ${role}`,
          `and it is not old: ${role}`,
        ]),
      ),
      recorded(
        'no user and no root is without one',
        { kind: 'access-review', by: 'account' },
        QUARTER,
        none('ROOT_WITHOUT_MFA', 'USER_WITHOUT_MFA', 'ROOT_HAS_KEYS'),
      ),
    ],
    statements: [],
  },
  {
    id: 'AC-02',
    title: { en: 'Passwords', pt: 'Senhas' },
    norms: ['SBIS NGS1.02.03'],
    checks: [
      open(
        'account',
        'the account has the password policy of the procedure',
        'it is kept, and only a change of it is recorded',
      ),
    ],
    statements: [],
  },
  {
    id: 'AC-03',
    title: { en: 'Idle sessions', pt: 'Sessões ociosas' },
    norms: ['SBIS NGS1.02.20'],
    checks: [open('account', 'an idle session ends within the half hour', PROVIDER)],
    statements: [{ statement: 'the provider of identities ends idle sessions', months: 6 }],
  },
  {
    id: 'AC-04',
    title: { en: 'Lockout', pt: 'Bloqueio após tentativas' },
    norms: ['SBIS NGS1.02.13'],
    checks: [open('account', 'five failed attempts lock a login', PROVIDER)],
    statements: [{ statement: 'the provider of identities locks after five attempts', months: 6 }],
  },
  {
    id: 'AC-05',
    title: { en: 'Access by roles', pt: 'Acesso por papéis' },
    norms: ['SBIS NGS1.03'],
    checks: [
      template(
        'logins of the database are those of IAM',
        'access is by roles: logins of the database are those of IAM',
      ),
      open('account', 'nobody outside reaches in', ACCOUNT),
    ],
    statements: [],
  },
  {
    id: 'AC-06',
    title: { en: 'Least privilege', pt: 'Menor privilégio' },
    norms: ['LGPD 6 III', 'LGPD 46'],
    checks: [
      template(
        'every action is allowed by its name',
        'least privilege: every action is allowed by its name in access',
        'least privilege: every action is allowed by its name in runbooks',
        'least privilege: every action is allowed by its name in operations',
        'least privilege: every action is allowed by its name in configuration',
      ),
    ],
    statements: [],
  },
  {
    id: 'AC-07',
    title: { en: 'Rights for one task, and broken glass', pt: 'Acesso sob demanda e de emergência' },
    norms: ['SBIS NGS1.11.07'],
    checks: [
      template(
        'nobody holds the right to restore all the time',
        'sensitive rights are granted for one task: nobody takes the role restore-operator but by the desk',
        'sensitive rights are granted for one task: nobody takes the role key-administrator but by the desk',
      ),
      open('drill', 'the emergency role works while the region of the provider is dark', PROVIDER),
    ],
    statements: [{ statement: 'sealed credentials are in their place', months: 3 }],
  },
  {
    id: 'AC-08',
    title: { en: 'Review each quarter', pt: 'Revisão trimestral' },
    norms: ['LGPD 46'],
    checks: [recorded('access was reviewed within the quarter', { kind: 'access-review', by: 'account' }, QUARTER)],
    statements: [{ statement: 'the reviewer answers for the review', months: 3 }],
  },
]
