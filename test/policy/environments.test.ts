import { CLINIC_TABLES } from '../../adapters/postgres/clinic-schema'
import { feasibilityTable, parsePolicy, withRecoveryRegion } from '../../core/policy'
import { cidrsOverlap } from '../../core/policy/cidr'
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
    const topologies = ENVIRONMENTS.map((environment) => withRecoveryRegion(resolvePolicy(environment)).topology)
    expect(new Set(topologies.map(({ accountId }) => accountId)).size).toBe(ENVIRONMENTS.length)
    const ranges = topologies.flatMap(({ network }) => [network.primary.cidr, network.recovery.cidr])
    const overlapping = ranges.filter((range, i) => ranges.slice(i + 1).some((other) => cidrsOverlap(range, other)))
    expect(overlapping).toEqual([])
  })

  it('refuse an overlay with a key that the policy does not have', () => {
    expect(() => parsePolicy(merge(composePolicy('staging'), { database: { instanceSize: 'large' } }))).toThrow(
      'instanceSize',
    )
  })

  it('register exactly the tables that the rehearsal has', () => {
    const tables = resolvePolicy('production').stores.filter(({ kind }) => kind === 'table')
    expect(tables.map(({ id }) => id)).toEqual([...CLINIC_TABLES])
  })

  it('tell where a value comes from', () => {
    expect(originOf('staging', 'database.sizeGigabytes')).toBe('policy/environments.ts (staging)')
    expect(originOf('staging', 'database.name')).toBe('policy/neonpro.ts')
    expect(originOf('production', 'database.sizeGigabytes')).toBe('policy/neonpro.ts')
  })
})
