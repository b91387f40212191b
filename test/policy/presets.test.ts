import { feasibilityTable, parsePolicy } from '../../core/policy'
import { crossRegionFlows } from '../../core/policy/flows'
import { ENVIRONMENTS } from '../../policy'
import { PRESETS, presetsOf } from './presets'

const verdicts = (preset: keyof typeof PRESETS, objective?: string) =>
  feasibilityTable(PRESETS[preset])
    .filter((row) => row.scenario === 'region-loss' && (objective === undefined || row.objective === objective))
    .map(({ verdict }) => verdict)

describe('the presets of the recovery region', () => {
  const everywhere = ENVIRONMENTS.flatMap((environment) =>
    Object.entries(presetsOf(environment)).map(([preset, policy]) => ({ environment, preset, policy })),
  )

  it.each(everywhere)('$preset keeps every rule and promise in $environment', ({ preset, policy }) => {
    expect(parsePolicy(policy).topology.preset).toBe(preset)
    expect(feasibilityTable(policy).filter(({ verdict }) => verdict === 'unreachable')).toEqual([])
  })

  it('eu-west-1 loses history with the region, us-east-2 keeps it', () => {
    expect(verdicts('eu-west-1', 'history')).toEqual(['residual-risk', 'residual-risk'])
    expect(verdicts('us-east-2', 'history')).toEqual(['meets', 'meets'])
  })

  it('us-east-2 rests every transfer of personal data on the signed clauses', () => {
    const personal = PRESETS['us-east-2'].transfers.filter(({ personalData }) => personalData)
    expect(new Set(personal.map(({ flow }) => flow))).toEqual(
      new Set(['database-replica', 'backup-copies', 'archive', 'audit-trail', 'point-in-time-logs']),
    )
    for (const { mechanism } of personal)
      expect(mechanism).toEqual({ kind: 'standard-clauses', reference: 'EXAMPLE-0001', signedOn: '2026-10-01' })
  })

  it('brazil-only sends nothing anywhere and says for every tier that a region loss is not recoverable, and why', () => {
    const policy = PRESETS['brazil-only']
    expect(crossRegionFlows(policy)).toEqual([])
    expect(policy.transfers).toEqual([])
    const lost = feasibilityTable(policy).filter(({ verdict }) => verdict === 'exception')
    expect(lost).toHaveLength(10)
    for (const row of lost) {
      expect(row).toMatchObject({ scenario: 'region-loss', worstSeconds: Infinity })
      expect(row.because).toContain('not recoverable')
      expect(row.because).toContain('declared: the clinic accepts no transfer of health data out of the country')
    }
    expect(verdicts('brazil-only')).toEqual(Array.from({ length: 10 }, () => 'exception'))
  })

  it('refuses brazil-only without a reason', () => {
    const { topology } = PRESETS['brazil-only']
    const silent = { ...topology, regionLossException: { reason: 'no', acceptedBy: 'x', reviewBy: '2027-06-30' } }
    expect(() => parsePolicy({ ...PRESETS['brazil-only'], topology: silent })).toThrow('regionLossException.reason')
  })
})
