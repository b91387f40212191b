import { assertFeasible, feasibilityTable, renderFeasibility, type Policy } from '../../../core/policy'
import { neonpro } from '../../../policy/neonpro'

const changed = (change: (policy: Policy) => void): Policy => {
  const policy = structuredClone(neonpro)
  change(policy)
  return policy
}

const find = (policy: Policy, tier: string, scenario: string, objective: string) => {
  const row = feasibilityTable(policy).find(
    (r) => r.tier === tier && r.scenario === scenario && r.objective === objective,
  )
  if (!row) throw new Error(`no row for ${tier}, ${scenario}, ${objective}`)
  return row
}

describe('feasibility', () => {
  it('judges both objectives of each tier in each scenario, and history after a region loss', () => {
    const rows = feasibilityTable(neonpro)
    expect(rows.filter(({ objective }) => objective === 'rpo')).toHaveLength(16)
    expect(rows.filter(({ objective }) => objective === 'rto')).toHaveLength(16)
    expect(rows.filter(({ objective }) => objective === 'history').map(({ tier }) => tier)).toEqual([
      'critical',
      'patient',
    ])
    for (const { because } of rows) expect(because).not.toBe('')
  })

  it('takes alarm threshold, datapoints and response for the data a region loss costs', () => {
    // 60 s of lag, two datapoints of 60 s, 60 s to react
    expect(find(neonpro, 'patient', 'region-loss', 'rpo')).toMatchObject({
      worstSeconds: 240,
      targetSeconds: 300,
      verdict: 'meets',
    })
    const slower = changed((p) => {
      if (p.mechanisms.replica.mode === 'cross-region') p.mechanisms.replica.lagAlarmDatapoints = 4
    })
    expect(find(slower, 'patient', 'region-loss', 'rpo')).toMatchObject({ worstSeconds: 360, verdict: 'unreachable' })
    expect(find(slower, 'critical', 'region-loss', 'rpo').verdict).toBe('meets')
  })

  it('falls back to daily copies without a replica, a day and the windows behind', () => {
    const without = changed((p) => {
      p.mechanisms.replica = { mode: 'none', reason: 'no second region is paid for' }
    })
    expect(find(without, 'critical', 'region-loss', 'rpo').worstSeconds).toBe((24 + 1 + 2) * 3600)
  })

  it('counts the wait for a person where a failover asks one', () => {
    const asking = changed((p) => {
      p.failover.operation = 'approval'
    })
    const automatic = find(neonpro, 'critical', 'region-loss', 'rto').worstSeconds
    expect(find(asking, 'critical', 'region-loss', 'rto')).toMatchObject({
      worstSeconds: automatic + neonpro.failover.approvalExpiresSeconds,
      verdict: 'unreachable',
    })
  })

  it('takes the restore of more data longer', () => {
    const grown = changed((p) => {
      p.database.sizeGigabytes = 150
    })
    const grows =
      find(grown, 'patient', 'corruption', 'rto').worstSeconds -
      find(neonpro, 'patient', 'corruption', 'rto').worstSeconds
    expect(grows).toBe(1800)
    expect(find(grown, 'patient', 'corruption', 'rto').verdict).toBe('unreachable')
  })

  it('needs a log or a restore for a zone loss without a standby', () => {
    const single = changed((p) => {
      p.database.multiAz = false
    })
    expect(find(single, 'patient', 'zone-loss', 'rpo').worstSeconds).toBe(300)
    expect(find(single, 'patient', 'zone-loss', 'rto').verdict).toBe('unreachable')
  })

  it('names what cannot be met as a residual risk with its reason', () => {
    const risk = find(neonpro, 'patient', 'region-loss', 'history')
    expect(risk).toMatchObject({ worstSeconds: Infinity, verdict: 'residual-risk' })
    expect(risk.because).toContain('accepted: point-in-time history')
  })

  it('refuses a promise that no mechanism keeps and no risk names, with the whole table', () => {
    const silent = changed((p) => {
      p.residualRisks = []
    })
    expect(() => assertFeasible(neonpro)).not.toThrow()
    expect(() => assertFeasible(silent)).toThrow(
      /cannot keep 2 of 34 promises:[\s\S]*history of critical after region-loss: worst case never[\s\S]*residualRisks[\s\S]*scenario +tier/,
    )
  })

  it('prints one line per promise under a head', () => {
    const rows = feasibilityTable(neonpro)
    const lines = renderFeasibility(rows).split('\n')
    expect(lines).toHaveLength(rows.length + 1)
    expect(lines.find((line) => line.includes('never'))).toContain('residual-risk')
  })
})
