import { drilled, judged, lookedAtDaily, lookedAtDailyInBoth, open, recorded, register, template } from './checks'
import type { Control } from './control'
import { VAULTS_LOCKED } from './templates'

const WEEK = 8
const MONTH = 31
const QUARTER = 92

/** Drills of the procedure; each has to have passed within the quarter. */
const SCENARIOS = [
  'database-failure',
  'security-incident',
  'regional-outage',
  'compliance-violation',
  'data-corruption',
  'deployment-failure',
]

/** What backups and recovery promise. */
export const CONTINUITY: readonly Control[] = [
  {
    id: 'BCP-01',
    title: { en: 'Recovery points', pt: 'Pontos de recuperação (RPO)' },
    norms: ['NIST CP-10', 'ISO 22301'],
    checks: [
      template(
        'what falls behind is noticed before more is lost than may be',
        'critical data: a replica that is further behind than may be lost is noticed before that',
        'patient data: that lag is told before more is lost than may be',
        'configuration: and before more is lost than may be',
        'static assets: a copy that is late is told long before a day is lost',
      ),
      judged('the loss of a regional outage was measured within all four objectives', 'regional-outage', QUARTER, [
        'RPO of patient data, seconds',
        'RPO of critical data, seconds',
        'RPO of configuration, seconds',
        'RPO of static assets, seconds',
      ]),
    ],
    statements: [{ statement: 'the analysis of business impact is current', months: 3 }],
  },
  {
    id: 'BCP-02',
    title: { en: 'Recovery times', pt: 'Tempos de recuperação (RTO)' },
    norms: ['NIST CP-10'],
    checks: [
      judged('the four recovery times were measured within the objectives', 'full-dr', MONTH, [
        'RTO of critical services, seconds',
        'RTO of the full system, seconds',
        'RTO of data recovery, seconds',
        'RTO of compliance validation, seconds',
      ]),
    ],
    statements: [],
  },
  {
    id: 'BCP-03',
    title: { en: 'Backup each night at two', pt: 'Backup diário às 2h' },
    norms: ['NIST CP-9'],
    checks: [
      template(
        'each night at two in Brasília, kept for 90 days',
        'the database is backed up every night at two',
        'two by the clock of Brasilia',
        'backups are kept for 90 days',
      ),
      lookedAtDaily('the jobs of the night ended, for every store', 'primary', 'completion'),
    ],
    statements: [],
  },
  {
    id: 'BCP-04',
    title: { en: 'Copies in another region, locked', pt: 'Cópias em outra região, imutáveis' },
    norms: ['NIST CP-6', 'NIST CP-9'],
    checks: [
      template(
        'copied to the other region, and locked in both',
        'backups are copied to another region',
        'and so are those of the tier weekly',
        'and so are those of the tier monthly',
        ...VAULTS_LOCKED,
      ),
      lookedAtDaily('the locks are in force', 'primary', 'vault-locks'),
      lookedAtDaily('the locks are in force, and the copies have arrived', 'recovery', 'vault-locks', 'copies'),
    ],
    statements: [{ statement: 'the locks were accepted before they became final', months: 'document' }],
  },
  {
    id: 'BCP-05',
    title: { en: 'Daily and weekly verification', pt: 'Verificação diária e semanal' },
    norms: ['NIST CP-4', 'NIST CP-9(1)'],
    checks: [
      recorded('a restore was tested within the week', { kind: ['restore-test', 'weekly-restore'] }, WEEK),
      ...lookedAtDailyInBoth(
        'every backup is looked at each day',
        'completion',
        'encryption',
        'lifecycle',
        'early-end',
        'coverage',
      ),
    ],
    statements: [],
  },
  {
    id: 'BCP-06',
    title: { en: 'Monthly drill of the scenarios', pt: 'Simulação mensal dos cenários' },
    norms: ['NIST CP-4', 'ISO 22301 8.5'],
    checks: [
      drilled('the full drill passed within the month', 'full-dr', MONTH),
      ...SCENARIOS.map((drill) => drilled(`the drill ${drill} passed within the quarter`, drill, QUARTER)),
    ],
    statements: [{ statement: 'lessons of the month are recorded', months: 1 }],
  },
  {
    id: 'BCP-07',
    title: { en: 'Reports on time', pt: 'Relatórios no prazo' },
    norms: ['ISO 22301 9.1'],
    checks: [open('register', 'reports of day, week and month exist', 'no such reports are written yet')],
    statements: [],
  },
  {
    id: 'BCP-08',
    title: { en: 'Plan, contacts, escalation', pt: 'Plano, contatos e escalonamento' },
    norms: ['NIST CP-2'],
    checks: [
      register('the day of the next review of the procedure is not past', ({ documentControl }, now) =>
        Date.parse(`${documentControl.reviewDate}T23:59:59-03:00`) < now.getTime()
          ? [`the procedure was to be reviewed by ${documentControl.reviewDate}`]
          : [],
      ),
    ],
    statements: [{ statement: 'approved by the owner, the Medical Director and the CTO', months: 3 }],
  },
  {
    id: 'BCP-09',
    title: { en: 'Backups of the application', pt: 'Backups da aplicação' },
    norms: ['NIST CP-9'],
    checks: [
      template(
        'code, settings and assets have versions and copies',
        'copies of the code are kept and locked',
        'every version of the configuration is kept',
        'static assets have versions',
        'backups of environment variables are encrypted',
        'static assets: copied to the recovery region, with a delay that is measured',
      ),
      ...lookedAtDailyInBoth(
        'the code is there, young, signed and whole, and so are the settings',
        'code',
        'configuration',
      ),
    ],
    statements: [],
  },
  {
    id: 'BCP-10',
    title: { en: 'Rollback', pt: 'Reversão' },
    norms: ['NIST CP-10(4)'],
    checks: [
      judged('full, partial and of the configuration, each in its time', 'deployment-failure', QUARTER, [
        ...['full', 'partial', 'config-only'].flatMap((type) => [
          `${type} rollback`,
          `downtime of clients since a ${type} rollback was applied, seconds`,
          `${type} rollback at production's pace, seconds`,
        ]),
        'data after the full rollback',
      ]),
    ],
    statements: [],
  },
  {
    id: 'BCP-11',
    title: { en: 'Indicators', pt: 'Indicadores' },
    norms: ['ISO 22301 9.1'],
    checks: [
      template(
        'what the indicators promise rings when it is missed',
        'recovery that takes longer than promised is noticed',
        'data that lost its integrity is noticed',
        'deployment failure, detection: an API that does not answer is noticed',
        'security incident, validation: a setting that breaks a rule is noticed',
      ),
      ...lookedAtDailyInBoth('the daily checks say how much room is left', 'capacity'),
    ],
    statements: [],
  },
]
