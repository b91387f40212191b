import type { Policy } from '../core/policy'

type Activity = Policy['calendar']['activities'][number]
type Own = Omit<Activity, 'part' | 'cadence'>

const DEVOPS = 'DevOps Lead'
const SECURITY = 'Security Team'
const COMPLIANCE = 'Compliance Officer'

const by = {
  people: { kind: 'human' },
  function: (name: string) => ({ kind: 'automatic', function: name }) as const,
  restoreTesting: { kind: 'continuous', mechanism: 'restore-testing-plan' },
  archiveReadBack: { kind: 'continuous', mechanism: 'archive-read-back' },
  healthWatch: { kind: 'continuous', mechanism: 'health-watch' },
} as const

const listed = (part: Activity['part'], cadence: Activity['cadence'], activities: readonly Own[]): Activity[] =>
  activities.map((activity) => ({ ...activity, part, cadence }))

/** The lists of the procedure, version 1.0, complete; who answers for an activity is ours, since it names nobody. */
export const calendar: Policy['calendar'] = {
  due: {
    timeZone: 'America/Sao_Paulo',
    daily: 'cron(0 8 * * ? *)',
    weekly: 'cron(0 9 ? * MON *)',
    monthly: 'cron(0 9 1 * ? *)',
    quarterly: 'cron(0 9 1 1,4,7,10 ? *)',
  },
  // Ours, since the procedure says how often and not how late. Each is shorter than what comes due next.
  graceHours: { daily: 23, weekly: 72, monthly: 240, quarterly: 720 },
  // Ours: the lessons of a monthly drill have to be known before the next one.
  onceDays: { training: 30, lessonsLearned: 31 },
  watchEveryMinutes: 60,
  activities: [
    ...listed('verification', 'daily', [
      {
        id: 'backup-completion',
        title: 'backup completion',
        owner: DEVOPS,
        performedBy: by.function('daily-verification'),
      },
      {
        id: 'backup-integrity',
        title: 'backup integrity',
        owner: DEVOPS,
        performedBy: by.function('daily-verification'),
      },
      {
        id: 'storage-capacity',
        title: 'storage capacity',
        owner: DEVOPS,
        performedBy: by.function('daily-verification'),
      },
      { id: 'encryption', title: 'encryption', owner: SECURITY, performedBy: by.function('daily-verification') },
    ]),
    ...listed('verification', 'weekly', [
      { id: 'restore-procedure', title: 'restore procedure', owner: DEVOPS, performedBy: by.restoreTesting },
      {
        id: 'data-consistency',
        title: 'data consistency',
        owner: DEVOPS,
        performedBy: by.function('weekly-verification'),
      },
      { id: 'performance', title: 'performance', owner: DEVOPS, performedBy: by.function('weekly-verification') },
      {
        id: 'security-compliance',
        title: 'security compliance',
        owner: SECURITY,
        performedBy: by.function('compliance-validation'),
      },
    ]),
    // Ours: the procedure archives for twenty years, and says nothing of whether anybody can read it.
    ...listed('verification', 'quarterly', [
      { id: 'archive-read-back', title: 'archive read back', owner: DEVOPS, performedBy: by.archiveReadBack },
    ]),
    ...listed('testing', 'daily', [
      {
        id: 'backup-completion-test',
        title: 'backup completion',
        owner: DEVOPS,
        performedBy: by.function('daily-verification'),
      },
      { id: 'health-checks', title: 'health checks', owner: DEVOPS, performedBy: by.healthWatch },
      { id: 'security-scan-review', title: 'security scan review', owner: SECURITY, performedBy: by.people },
      { id: 'performance-metrics', title: 'performance metrics', owner: DEVOPS, performedBy: by.people },
    ]),
    ...listed('testing', 'weekly', [
      { id: 'restore-test', title: 'restore procedure', owner: DEVOPS, performedBy: by.restoreTesting },
      {
        id: 'compliance-validation',
        title: 'compliance validation',
        owner: COMPLIANCE,
        performedBy: by.function('compliance-validation'),
      },
      { id: 'security-patch-test', title: 'security patch test', owner: SECURITY, performedBy: by.people },
      { id: 'performance-benchmark', title: 'performance benchmark', owner: DEVOPS, performedBy: by.people },
    ]),
    ...listed('testing', 'monthly', [
      {
        id: 'full-disaster-recovery-drill',
        title: 'full disaster recovery drill',
        owner: DEVOPS,
        performedBy: by.people,
      },
      { id: 'compliance-audit', title: 'compliance audit', owner: COMPLIANCE, performedBy: by.people },
      { id: 'penetration-test', title: 'penetration test', owner: SECURITY, performedBy: by.people },
      { id: 'capacity-planning-review', title: 'capacity planning review', owner: DEVOPS, performedBy: by.people },
    ]),
    ...listed('testing', 'quarterly', [
      { id: 'business-impact-analysis', title: 'business impact analysis', owner: COMPLIANCE, performedBy: by.people },
      { id: 'risk-assessment-update', title: 'risk assessment update', owner: COMPLIANCE, performedBy: by.people },
      { id: 'training-program-review', title: 'training program review', owner: COMPLIANCE, performedBy: by.people },
      { id: 'incident-response-drill', title: 'incident response drill', owner: SECURITY, performedBy: by.people },
    ]),
    ...listed('access', 'quarterly', [
      { id: 'access-review', title: 'access review', owner: SECURITY, performedBy: by.function('access-review') },
    ]),
    ...listed('reports', 'daily', [
      { id: 'backup-status-report', title: 'backup status', owner: DEVOPS, performedBy: by.function('daily-report') },
      { id: 'health-report', title: 'health checks', owner: DEVOPS, performedBy: by.function('daily-report') },
      {
        id: 'security-incident-report',
        title: 'security incidents',
        owner: SECURITY,
        performedBy: by.function('daily-report'),
      },
      {
        id: 'performance-report',
        title: 'performance metrics',
        owner: DEVOPS,
        performedBy: by.function('daily-report'),
      },
    ]),
    ...listed('reports', 'weekly', [
      {
        id: 'compliance-report',
        title: 'compliance validation',
        owner: COMPLIANCE,
        performedBy: by.function('weekly-report'),
      },
      { id: 'drill-report', title: 'tests and drills', owner: DEVOPS, performedBy: by.function('weekly-report') },
      {
        id: 'capacity-report',
        title: 'capacity utilization',
        owner: DEVOPS,
        performedBy: by.function('weekly-report'),
      },
      { id: 'risk-report', title: 'risk assessment', owner: COMPLIANCE, performedBy: by.function('weekly-report') },
    ]),
    ...listed('reports', 'monthly', [
      {
        id: 'continuity-report',
        title: 'business continuity status',
        owner: COMPLIANCE,
        performedBy: by.function('monthly-report'),
      },
      { id: 'audit-report', title: 'compliance audit', owner: COMPLIANCE, performedBy: by.function('monthly-report') },
      { id: 'trend-report', title: 'performance trends', owner: DEVOPS, performedBy: by.function('monthly-report') },
      {
        id: 'recommendations-report',
        title: 'recommendations',
        owner: COMPLIANCE,
        performedBy: by.function('monthly-report'),
      },
    ]),
  ],
}
