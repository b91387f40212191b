import { judged, lookedAtDailyInBoth, open, template } from './checks'
import type { Control } from './control'
import { DUMPS_ENCRYPTED, REPLICA_ENCRYPTED, VAULTS_ENCRYPTED } from './templates'

const QUARTER = 92

/** Encryption at rest and in transit. */
export const ENCRYPTION: readonly Control[] = [
  {
    id: 'ENC-01',
    title: { en: 'Database at rest', pt: 'Banco de dados em repouso' },
    norms: ['LGPD 46', 'SBIS NGS1.04.03', 'procedure: TDE'],
    checks: [
      template(
        'primary and replica are encrypted with keys of ours',
        'the database is encrypted at rest',
        'with a key of ours',
        ...REPLICA_ENCRYPTED,
      ),
      ...lookedAtDailyInBoth('so is every snapshot, by the key of its purpose', 'encryption'),
    ],
    statements: [],
  },
  {
    id: 'ENC-02',
    title: { en: 'Files', pt: 'Arquivos' },
    norms: ['LGPD 46'],
    checks: [
      template(
        'every bucket of data has a key of ours',
        'files are encrypted at rest, with a key of ours: archive',
        'files are encrypted at rest, with a key of ours: assets',
        'files are encrypted at rest, with a key of ours: code',
        'files are encrypted at rest, with a key of ours: configuration',
        'files are encrypted at rest, with a key of ours: evidence',
      ),
      ...lookedAtDailyInBoth('a sample is opened each day by the key of its region alone', 'environment-backup'),
    ],
    statements: [],
  },
  {
    id: 'ENC-03',
    title: { en: 'Backups', pt: 'Backups' },
    norms: ['SBIS NGS1.04.03'],
    checks: [
      template('vaults of both regions and the archive have keys of ours', ...VAULTS_ENCRYPTED, ...DUMPS_ENCRYPTED),
      ...lookedAtDailyInBoth('every recovery point is encrypted by the key of its purpose', 'encryption'),
    ],
    statements: [],
  },
  {
    id: 'ENC-04',
    title: { en: 'Keys', pt: 'Chaves' },
    norms: ['LGPD 46'],
    checks: [
      template('keys are renewed, and nobody administers them by a star', 'our keys are renewed'),
      judged(
        'the recovery region decrypts by its own keys, while the primary region is dark',
        'regional-outage',
        QUARTER,
        ['settings that the recovery region could not open by its own key alone'],
      ),
    ],
    statements: [{ statement: 'custody of the keys was reviewed', months: 6 }],
  },
  {
    id: 'ENC-05',
    title: { en: 'TLS of the API', pt: 'TLS da API' },
    norms: ['SBIS NGS1.05'],
    checks: [
      open(
        'account',
        'the API speaks TLS 1.3 with forward secrecy',
        'the handshake of the platform that serves it is not probed yet',
      ),
    ],
    statements: [],
  },
  {
    id: 'ENC-06',
    title: { en: 'TLS of the database', pt: 'TLS do banco de dados' },
    norms: ['SBIS NGS1.05.03'],
    checks: [
      template(
        'the database refuses whoever speaks without TLS, or an older one',
        'the database refuses whoever speaks without TLS: database-primary',
        'the database refuses whoever speaks without TLS: replica-recovery',
        'the database speaks nothing older than the TLS of the policy',
        'nor does its replica, which is the database after a failover',
      ),
      judged('a client without TLS, with an older one or another authority is refused', 'regional-outage', QUARTER, [
        'clients without TLS, with an older one or another authority, that got in',
      ]),
    ],
    statements: [],
  },
  {
    id: 'ENC-07',
    title: { en: 'Encrypted mail', pt: 'E-mail cifrado' },
    norms: ['LGPD 46'],
    checks: [open('register', 'no key for mail is about to expire', 'no keys for mail are registered')],
    statements: [{ statement: 'encrypted mail is used', months: 12 }],
  },
  {
    id: 'ENC-08',
    title: { en: 'File transfer by keys', pt: 'Transferência de arquivos por chaves' },
    norms: ['LGPD 46'],
    checks: [
      {
        by: 'template',
        asks: 'servers for file transfer take no password; without one there is nothing to break',
        broken: (stacks) =>
          stacks.flatMap(({ stack, resources }) =>
            Object.entries(resources)
              .filter(
                ([, { Type, Properties }]) =>
                  Type === 'AWS::Transfer::Server' && Properties?.['IdentityProviderType'] !== 'SERVICE_MANAGED',
              )
              .map(
                ([id]) =>
                  `${stack}/${id} has a provider of logins that is not the service's own, which knows keys alone`,
              ),
          ),
      },
    ],
    statements: [],
  },
]
