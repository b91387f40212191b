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

  it('has four entries in each calendar list, four contacts on each side and four levels of escalation', () => {
    const { verification, testing, reports } = policy.calendar
    const lengths = [verification, testing, reports].flatMap((part) => Object.values(part).map((items) => items.length))
    expect(lengths).toEqual(Array.from({ length: 9 }, () => 4))
    expect([policy.contacts.primary.length, policy.contacts.external.length, policy.escalation.length]).toEqual([
      4, 4, 4,
    ])
  })
})
