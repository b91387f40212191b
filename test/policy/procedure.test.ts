import { resolvePolicy } from '../../policy'

const policy = resolvePolicy('production')

/** The numbers of the written procedure, version 1.0, said a second time on purpose: a slip in the policy shows here. */
describe("the procedure's numbers", () => {
  it('RPO and RTO', () => {
    expect(policy.objectives).toEqual({
      rpo: { criticalMinutes: 15, patientMinutes: 5, configurationMinutes: 1, staticAssetsMinutes: 1440 },
      rto: {
        criticalServicesMinutes: 60,
        fullSystemMinutes: 240,
        dataRecoveryMinutes: 120,
        complianceValidationMinutes: 30,
      },
    })
  })

  it('rollback downtimes', () => {
    const downtimes = Object.values(policy.rollbacks).map(({ downtimeMinutes: d }) => [d.expected, d.atMost])
    expect(downtimes).toEqual([
      [5, 15],
      [2, 5],
      [1, 2],
    ])
  })

  it('backups daily at 02:00 of Brasilia for 90 days', () => {
    expect(policy.backup.schedule).toMatchObject({ cron: 'cron(0 2 * * ? *)', timeZone: 'America/Sao_Paulo' })
    expect(policy.backup.snapshotRetentionDays).toBe(90)
  })

  it('retention by data class', () => {
    const years = Object.entries(policy.dataClasses).map(([name, { retentionYears }]) => [name, retentionYears])
    expect(years).toEqual([
      ['phi', 25],
      ['pii', 10],
      ['financial', 7],
      ['operational', 2],
      ['public', 1],
    ])
  })

  it('access, alarms and document control', () => {
    expect(policy.access.authentication).toMatchObject({
      passwordMinLength: 12,
      idleTimeoutMinutes: 30,
      lockoutAfterAttempts: 5,
    })
    expect(policy.kpis.availability).toMatchObject({
      targetPercent: 99.9,
      alertBelowPercent: 99.5,
      alertAfterMinutes: 5,
    })
    expect(policy.kpis.recoveryTime).toMatchObject({ targetMinutes: 60, alertAboveMinutes: 120 })
    expect(policy.documentControl).toMatchObject({ effectiveDate: '2025-09-22', reviewDate: '2025-12-22' })
  })

  it('has every activity of every list of the calendar', () => {
    const titles = (part: string, cadence: string) =>
      policy.calendar.activities
        .filter((activity) => activity.part === part && activity.cadence === cadence)
        .map(({ title }) => title)
    const lists: readonly [part: string, cadence: string, titles: readonly string[]][] = [
      ['verification', 'daily', ['backup completion', 'backup integrity', 'storage capacity', 'encryption']],
      ['verification', 'weekly', ['restore procedure', 'data consistency', 'performance', 'security compliance']],
      // Not the procedure's, which archives and never reads back.
      ['verification', 'quarterly', ['archive read back']],
      ['testing', 'daily', ['backup completion', 'health checks', 'security scan review', 'performance metrics']],
      [
        'testing',
        'weekly',
        ['restore procedure', 'compliance validation', 'security patch test', 'performance benchmark'],
      ],
      [
        'testing',
        'monthly',
        ['full disaster recovery drill', 'compliance audit', 'penetration test', 'capacity planning review'],
      ],
      [
        'testing',
        'quarterly',
        ['business impact analysis', 'risk assessment update', 'training program review', 'incident response drill'],
      ],
      ['access', 'quarterly', ['access review']],
      ['reports', 'daily', ['backup status', 'health checks', 'security incidents', 'performance metrics']],
      ['reports', 'weekly', ['compliance validation', 'tests and drills', 'capacity utilization', 'risk assessment']],
      [
        'reports',
        'monthly',
        ['business continuity status', 'compliance audit', 'performance trends', 'recommendations'],
      ],
    ]
    for (const [part, cadence, expected] of lists) expect(titles(part, cadence)).toEqual(expected)
    expect(policy.calendar.activities).toHaveLength(lists.flatMap(([, , expected]) => expected).length)
  })

  it('has four contacts on each side and four levels of escalation', () => {
    expect([policy.contacts.primary.length, policy.contacts.external.length, policy.escalation.length]).toEqual([
      4, 4, 4,
    ])
  })
})
