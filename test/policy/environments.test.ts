import { feasibilityTable, parsePolicy } from '../../core/policy'
import { merge } from '../../core/policy/merge'
import { composePolicy, ENVIRONMENTS, originOf, resolvePolicy } from '../../policy'
import { OVERLAYS } from '../../policy/environments'

describe('the environments', () => {
  it('are the ones that have an overlay', () => {
    expect([...ENVIRONMENTS].toSorted()).toEqual(Object.keys(OVERLAYS).toSorted())
  })

  it.each(ENVIRONMENTS)('%s is valid and keeps every promise or names the risk', (environment) => {
    const policy = resolvePolicy(environment)
    expect(policy.environment).toBe(environment)
    expect(feasibilityTable(policy).filter(({ verdict }) => verdict === 'unreachable')).toEqual([])
  })

  it('share no account and no network range', () => {
    const topologies = ENVIRONMENTS.map((environment) => resolvePolicy(environment).topology)
    expect(new Set(topologies.map(({ accountId }) => accountId)).size).toBe(ENVIRONMENTS.length)
    const ranges = topologies.flatMap(({ network }) =>
      [network.primary, network.recovery].map((n) => (n.mode === 'create' ? n.cidr : n.vpcId)),
    )
    expect(new Set(ranges).size).toBe(ranges.length)
  })

  it('refuse an overlay with a key that the policy does not have', () => {
    expect(() => parsePolicy(merge(composePolicy('staging'), { database: { instanceSize: 'large' } }))).toThrow(
      'instanceSize',
    )
  })

  it('tell where a value comes from', () => {
    expect(originOf('staging', 'database.sizeGigabytes')).toBe('policy/environments.ts (staging)')
    expect(originOf('staging', 'database.name')).toBe('policy/neonpro.ts')
    expect(originOf('production', 'database.sizeGigabytes')).toBe('policy/neonpro.ts')
  })
})
