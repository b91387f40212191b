import { feasibilityTable, parsePolicy } from '../../core/policy'
import { crossRegionFlows } from '../../core/policy/flows'
import { ENVIRONMENTS, originOf, parsePresetChoice, resolvePolicy } from '../../policy'
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

  it('us-east-2 rests every transfer of personal data that leaves Brazil on the signed clauses', () => {
    const personal = PRESETS['us-east-2'].transfers.filter(({ personalData, to }) => personalData && to !== 'sa-east-1')
    expect(new Set(personal.map(({ flow }) => flow))).toEqual(
      new Set([
        'database-replica',
        'backup-copies',
        'archive',
        'audit-trail',
        'event-notifications',
        'point-in-time-logs',
      ]),
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

describe('the choice of a preset', () => {
  const key = (environment: 'production' | 'staging') =>
    `arn:aws:kms:us-east-2:${resolvePolicy(environment).topology.accountId}:key/00000000-0000-0000-0000-000000000000`
  const usEast2 = parsePresetChoice({
    preset: 'us-east-2',
    clauses: { reference: 'EXAMPLE-0001', signedOn: '2026-10-01' },
    historyKmsKeyArns: { production: key('production') },
  })

  it('makes of a policy what the preset makes of it', () => {
    const { reason, acceptedBy, reviewBy } = {
      reason: 'the clinic accepts no transfer of health data out of the country',
      acceptedBy: 'Healthcare Director',
      reviewBy: '2027-06-30',
    }
    const choices = {
      'eu-west-1': parsePresetChoice({ preset: 'eu-west-1' }),
      'us-east-2': usEast2,
      'brazil-only': parsePresetChoice({
        preset: 'brazil-only',
        regionLossException: { reason, acceptedBy, reviewBy },
      }),
    }
    for (const preset of ['eu-west-1', 'us-east-2', 'brazil-only'] as const)
      expect(resolvePolicy('production', choices[preset])).toEqual(PRESETS[preset])
  })

  it('is one for all environments, and names the key that an environment lacks', () => {
    expect(() => resolvePolicy('staging', usEast2)).toThrow('historyKmsKeyArns.staging: the preset names no key')
  })

  it('is held to every rule', () => {
    const foreign = key('production').replace('us-east-2', 'eu-west-1')
    expect(() =>
      resolvePolicy('production', { ...usEast2, historyKmsKeyArns: { production: foreign } } as typeof usEast2),
    ).toThrow('replicatedHistoryKeyIsOfItsRegion')
  })

  it.each([
    ['another preset', { preset: 'us-west-1' }, "preset: one of 'eu-west-1', 'us-east-2', 'brazil-only'"],
    ['nothing', {}, 'preset: one of'],
    [
      'everything that is wrong at once',
      { preset: 'us-east-2', clauses: { reference: '', signedOn: 'soon' }, historyKmsKeyArns: { moon: 'x' } },
      'the policy has 3 problems',
    ],
    ['a key too many', { preset: 'eu-west-1', clauses: {} }, 'clauses'],
    [
      'an alias',
      { ...usEast2, historyKmsKeyArns: { production: 'alias/database' } },
      'historyKmsKeyArns.production: the ARN of a KMS key, not of an alias',
    ],
  ])('refuses %s', (_, input, problem) => {
    expect(() => parsePresetChoice(input)).toThrow(problem)
  })

  it('is where a value that it changed comes from', () => {
    expect(originOf('production', 'topology.regions.recovery', usEast2)).toBe('policy/presets.ts (us-east-2)')
    expect(originOf('production', 'topology.regions.witness', usEast2)).toBe('policy/neonpro.ts')
  })
})
