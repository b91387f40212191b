import { judged, open, recorded, register, template } from './checks'
import type { Control } from './control'
import { breachNoticeDue } from '../breach-clock'
import { isJsonObject } from '../../json'
import { NOTICE_COMPUTED } from './notice'
import { DETECTORS, DISARMING_NOTICED, FLOWS_REGISTERED, TRAIL } from './templates'

/** Last days by the counting rule of three business days (Resolution CD/ANPD 15/2024), with holidays on the way. */
const NOTICE_VECTORS = [
  ['2026-11-19T15:00:00Z', '2026-11-25'],
  ['2026-11-24T01:30:00Z', '2026-11-26'],
  ['2026-12-23T15:00:00Z', '2026-12-29'],
  ['2027-02-05T15:00:00Z', '2027-02-10'],
  ['2027-03-24T15:00:00Z', '2027-03-30'],
] as const
/** Roles of the contacts, as the law calls them or as people do. */
const OFFICER = /^(data protection officer|encarregado)$/i
const DEPUTY = /^(deputy data protection officer|encarregado suplente)$/i
const MONTH = 31
const QUARTER = 92

/** Law 13.709/2018 and the resolutions of the ANPD. */
export const LGPD: readonly Control[] = [
  {
    id: 'LGPD-01',
    title: { en: 'Consent evidence recoverable', pt: 'Prova de consentimento recuperável' },
    norms: ['LGPD 7', 'LGPD 8', 'LGPD 11'],
    checks: [
      template(
        'consents lie where history is kept and replicated as patient data',
        'critical data: history is kept, so that a moment before an error can be restored',
        'patient data: a replica follows in the recovery region',
      ),
      judged('a withdrawal after the recovery point is applied again', 'data-corruption', MONTH, [
        'consents withdrawn late that hold again',
      ]),
      recorded(
        'the consents of a restored copy are those of the source, row by row',
        { kind: 'weekly-restore' },
        MONTH,
        ({ measurements: { checks } }) =>
          isJsonObject(checks) && checks['content'] === 'pass' ? [] : ['the content of the copy is not proven'],
      ),
    ],
    statements: [{ statement: 'the map of legal bases is complete', months: 12 }],
  },
  {
    id: 'LGPD-02',
    title: { en: 'Rights survive a restore', pt: 'Direitos sobrevivem à restauração' },
    norms: ['LGPD 18', 'LGPD 19'],
    checks: [
      judged('erasures after the recovery point are applied again', 'data-corruption', MONTH, [
        'people erased late whose identity came back',
      ]),
      open('register', 'deadlines of requests survive', 'the queue of requests belongs to the application'),
    ],
    statements: [{ statement: 'criteria of refusal are written down', months: 12 }],
  },
  {
    id: 'LGPD-03',
    title: { en: 'Data protection officer and deputy', pt: 'Encarregado e suplente' },
    norms: ['LGPD 41', 'Res. CD/ANPD 18/2024'],
    checks: [
      register('officer and deputy are named with contact', ({ contacts }) => {
        const isNamed = (who: RegExp) => contacts.primary.some(({ role }) => who.test(role))
        return [
          ...(isNamed(OFFICER) ? [] : ['the contacts name no data protection officer']),
          ...(isNamed(DEPUTY) ? [] : ['the contacts name no deputy of the data protection officer']),
        ]
      }),
    ],
    statements: [{ statement: 'act of appointment, written, dated and signed', months: 12 }],
  },
  {
    id: 'LGPD-04',
    title: { en: 'Breach clock', pt: 'Prazo de comunicação de incidente' },
    norms: ['LGPD 48', 'Res. CD/ANPD 15/2024'],
    checks: [
      template(
        'findings and sensitive calls open incidents by themselves',
        'security incident: a finding opens an incident from the witness too',
      ),
      DISARMING_NOTICED,
      register('the clock of the breach notice gives the known answers', ({ incidentResponse }) =>
        NOTICE_VECTORS.flatMap(([knownAt, due]) => {
          const given = breachNoticeDue(new Date(knownAt), incidentResponse.breachNoticeBusinessDays)
          return given === due ? [] : [`known at ${knownAt} it is due on ${due}, and the clock says ${given}`]
        }),
      ),
      judged('a simulated incident gets its deadline', 'security-incident', QUARTER, [], NOTICE_COMPUTED),
    ],
    statements: [
      { statement: 'templates of the notices are approved', months: 12 },
      { statement: 'access to the portal of the ANPD works', months: 6 },
    ],
  },
  {
    id: 'LGPD-05',
    title: { en: 'Retention', pt: 'Prazos de guarda' },
    norms: ['LGPD 15', 'LGPD 16', 'Lei 13.787/2018'],
    checks: [
      template(
        'each class is kept as long as the policy says, in vaults, buckets and logs',
        'backups are kept for 90 days',
        'and cannot be ended sooner',
        'health data is kept for 25 years',
        'data about persons is kept for 10 years',
        'financial data is kept for 7 years',
        'operational data is kept for 2 years: logs',
        'operational data is kept for 2 years: evidence',
        'public data is kept for a year: replaced versions',
      ),
    ],
    statements: [
      { statement: 'the schedule of retention is approved by legal and the responsible physician', months: 12 },
    ],
  },
  {
    id: 'LGPD-06',
    title: { en: 'International transfers', pt: 'Transferências internacionais' },
    norms: ['LGPD 33-36', 'Res. CD/ANPD 19/2024', 'Res. CD/ANPD 32/2026'],
    checks: [
      FLOWS_REGISTERED,
      open(
        'account',
        'other regions are denied to the whole account',
        'a policy of the organization is outside of the stacks',
      ),
      open('account', 'the public page is the one that was approved', 'nobody fetches the page yet'),
    ],
    statements: [{ statement: 'the clauses or the adequacy of each destination hold', months: 12 }],
  },
  {
    id: 'LGPD-07',
    title: { en: 'Automated consent', pt: 'Consentimento automatizado' },
    norms: ['LGPD 8'],
    checks: [
      open('drill', 'the consent API answers in the recovery region', 'the application has no such API in rehearsals'),
    ],
    statements: [{ statement: 'the flow of consent was reviewed', months: 12 }],
  },
  {
    id: 'LGPD-08',
    title: { en: 'Portal of rights', pt: 'Portal de direitos' },
    norms: ['LGPD 18', 'LGPD 19'],
    checks: [
      open('drill', 'the portal is back in time, with a static page meanwhile', 'the portal is not part of rehearsals'),
    ],
    statements: [],
  },
  {
    id: 'LGPD-09',
    title: { en: 'Detection of breaches', pt: 'Detecção de violações' },
    norms: ['LGPD 46', 'LGPD 48'],
    checks: [
      template('every call is kept in signed files', ...TRAIL),
      template('threats are searched in every region', ...DETECTORS),
      DISARMING_NOTICED,
    ],
    statements: [],
  },
  {
    id: 'LGPD-10',
    title: { en: 'Regular audits', pt: 'Auditorias regulares' },
    norms: ['LGPD 37', 'LGPD 38', 'LGPD 50'],
    checks: [
      recorded('compliance was validated within the month', { kind: 'compliance-validation' }, MONTH),
      open(
        'register',
        'every place of data in the templates is in the records of processing',
        'resources carry no class of data',
      ),
    ],
    statements: [
      { statement: 'the impact report (RIPD) is current', months: 12 },
      { statement: 'the audit report was accepted', months: 12 },
    ],
  },
  {
    id: 'LGPD-11',
    title: { en: 'Training', pt: 'Treinamento' },
    norms: ['LGPD 50'],
    checks: [
      open(
        'register',
        'everybody of the roster was trained in time',
        'no roster is kept; trainings are acknowledged one by one',
      ),
    ],
    statements: [{ statement: 'everybody completed the training', months: 12 }],
  },
]
