import { judged, open, recorded, template } from './checks'
import { isJsonObject } from '../../json'
import type { Control } from './control'
import { NO_PUBLIC_BUCKET, NO_PUBLIC_DATABASE, TRAIL } from './templates'

const MONTH = 31
const QUARTER = 92

/** Resolutions of the CFM, law 13.787/2018 and the requirements of SBIS for records. */
export const CFM: readonly Control[] = [
  {
    id: 'CFM-01',
    title: { en: 'Telemedicine', pt: 'Telemedicina' },
    // The procedure says 2266, of which no such text is known.
    norms: ['CFM 2.314/2022'],
    checks: [
      open(
        'drill',
        'media and consents of sessions have the same hashes after a restore',
        'no media are part of rehearsals',
      ),
      open('register', 'seat, registration and responsible physician are known', 'the procedure names none of them'),
    ],
    statements: [{ statement: 'the responsible physician and the registration are valid', months: 'document' }],
  },
  {
    id: 'CFM-02',
    title: { en: 'Records in an emergency', pt: 'Prontuário em emergência' },
    norms: ['CFM 1.639/2002'],
    checks: [
      judged(
        'records can be read and written again within the hour, and are those of before',
        'regional-outage',
        QUARTER,
        ['RTO of critical services, seconds', 'content of the recovered data'],
      ),
    ],
    statements: [{ statement: 'forms for downtime are ready', months: 12 }],
  },
  {
    id: 'CFM-03',
    title: { en: 'Confidentiality', pt: 'Sigilo' },
    norms: ['Lei 13.787/2018 4'],
    checks: [
      template('nothing that holds data is public', ...NO_PUBLIC_BUCKET, ...NO_PUBLIC_DATABASE),
      judged('copies of restore tests are removed', 'weekly-restores', QUARTER, ['copies that a restore left behind']),
      open(
        'account',
        'no tag or log holds personal data',
        'evidence is screened as it is written; logs of the account are not read',
      ),
    ],
    statements: [{ statement: 'terms of confidentiality are signed', months: 12 }],
  },
  {
    id: 'CFM-04',
    title: { en: 'Electronic prescribing', pt: 'Prescrição eletrônica' },
    norms: ['CFM 2.299/2021', 'RDC 1.000/2025'],
    checks: [
      open(
        'drill',
        'no number of a prescription is issued twice after a restore',
        'the national system is not part of rehearsals',
      ),
    ],
    statements: [{ statement: 'the integration with the national system works', months: 12 }],
  },
  {
    id: 'CFM-05',
    title: { en: 'Standard and archive of records', pt: 'Padrão e arquivo do prontuário' },
    norms: ['CFM 1.821/2007', 'Lei 13.787/2018 6'],
    checks: [
      template(
        'records are archived and locked',
        'health data is kept for 25 years',
        'protection of a class: phi has a default lock of its own, in a bucket of its own',
      ),
      recorded(
        'a sample of the archive is read by a tool that did not write it',
        { kind: 'archive-read-back', subject: 'phi-dump' },
        QUARTER,
      ),
    ],
    statements: [{ statement: 'minutes of the commission for each disposal', months: 12 }],
  },
  {
    id: 'CFM-06',
    title: { en: 'Restores as SBIS asks for them', pt: 'Restauração conforme SBIS' },
    norms: ['SBIS NGS1.04'],
    checks: [
      judged(
        'a damaged copy and an incomplete one are refused, and a restore leaves nothing behind',
        'weekly-restores',
        QUARTER,
        [
          'weeks that are red without a reason, or green in spite of one',
          'copies that a restore left behind',
          'restores without a record',
        ],
        ({ measurements: { planted } }) =>
          ['page-damaged', 'segment-missing']
            .filter((damage) => !isJsonObject(planted) || !Object.values(planted).includes(damage))
            .map((damage) => `nothing was planted as ${damage}`),
      ),
      recorded(
        'content, constraints, sequences and access are those of the source after a restore',
        { kind: ['restore-test', 'weekly-restore'] },
        MONTH,
      ),
    ],
    statements: [{ statement: 'self-declaration or certificate of SBIS', months: 'document' }],
  },
  {
    id: 'CFM-07',
    title: { en: 'Registry of professionals', pt: 'Registro de profissionais' },
    norms: ['CRM'],
    checks: [
      judged('a login that was revoked stays revoked after a restore', 'data-corruption', QUARTER, [
        'login revoked late, in the recovered database',
      ]),
    ],
    statements: [],
  },
  {
    id: 'CFM-08',
    title: { en: 'Audit without gaps', pt: 'Auditoria sem lacunas' },
    norms: ['SBIS NGS1.07'],
    checks: [
      template('calls are kept in signed, locked files', ...TRAIL),
      judged('restores are on record', 'weekly-restores', QUARTER, ['restores without a record']),
      open('drill', 'the trail has no gap over a failover', 'the trail of the application is not part of rehearsals'),
    ],
    statements: [],
  },
  {
    id: 'CFM-09',
    title: { en: 'Long life of signatures', pt: 'Longevidade das assinaturas' },
    norms: ['ICP-Brasil'],
    checks: [
      open('drill', 'signed documents still validate after a restore', 'no signed documents are part of rehearsals'),
    ],
    statements: [{ statement: 'the policy of signatures is current', months: 12 }],
  },
  {
    id: 'CFM-10',
    title: { en: 'Manuals in Portuguese', pt: 'Manuais em português' },
    norms: ['SBIS NGS1.08'],
    checks: [open('register', 'the manual is generated for the release', 'guides are in English as yet')],
    statements: [{ statement: 'the manual was reviewed', months: 12 }],
  },
]
