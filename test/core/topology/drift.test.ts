import { parsePolicy, withRecoveryRegion, type Policy } from '../../../core/policy'
import { PortError } from '../../../core/ports/errors'
import type { InstanceDescription, Inventory } from '../../../core/ports/database'
import { topologyDrift } from '../../../core/topology/drift'
import { resolvePolicy } from '../../../policy'

const [G1, G2] = ['neonpro-production-db-g1', 'neonpro-production-db-g2']
type Adoption = NonNullable<Policy['topology']['instances'][number]['adoption']>
type Live = Pick<InstanceDescription, 'role' | 'source'> | 'unreachable'

const inventoryOf = (live: Readonly<Record<string, Live>>): Inventory => ({
  describe: async (ref) => {
    const found = live[ref.instance]
    if (found === 'unreachable') throw new PortError('unreachable', 'NO_ANSWER', 'the region does not answer')
    return found && { ...ref, ...found, status: 'available', endpoint: { host: 'db', port: 5432 } }
  },
})

const FACTS = { endpointAddress: 'neonpro-production-db-g2.abc.eu-west-1.rds.amazonaws.com', resourceId: 'db-EXAMPLE' }

function policyWith(active: 'primary' | 'recovery', adoption?: Adoption['state']): Policy {
  const policy = resolvePolicy('production')
  const { topology } = withRecoveryRegion(policy)
  return parsePolicy({
    ...policy,
    topology: {
      ...topology,
      active,
      ...(active === 'recovery' && { oneWayReason: 'the primary region is dark, so nothing can be copied there' }),
      instances: topology.instances.map((instance) =>
        instance.generation === 2 && adoption
          ? { ...instance, adoption: { state: adoption, ...(adoption !== 'adopted' && FACTS) } }
          : instance,
      ),
    },
  })
}

const writer: Live = { role: 'primary' }
const follows = (source: string): Live => ({ role: 'replica', source })

it.each<[string, Policy, Readonly<Record<string, Live>>, readonly string[]]>([
  ['all is as declared', policyWith('primary'), { [G1]: writer, [G2]: follows(G1) }, []],
  [
    'a replica was promoted outside of the stacks',
    policyWith('primary'),
    { [G1]: writer, [G2]: writer },
    [`${G2} PROMOTED`],
  ],
  ['its region is dark', policyWith('primary'), { [G1]: 'unreachable', [G2]: follows(G1) }, [`${G1} UNREACHABLE`]],
  ['a replica is gone', policyWith('primary'), { [G1]: writer }, [`${G2} MISSING`]],
  [
    'a replica follows another one',
    policyWith('primary'),
    { [G1]: writer, [G2]: follows('other') },
    [`${G2} FOLLOWS_ANOTHER`],
  ],
  [
    'the other region is declared active, and nothing was promoted',
    policyWith('recovery'),
    { [G1]: writer, [G2]: follows(G1) },
    [`${G2} NOT_PROMOTED`],
  ],
  [
    'a recovery has restored an instance that nobody has declared',
    policyWith('primary'),
    { [G1]: writer, [G2]: follows(G1), 'neonpro-production-db-g3': writer },
    ['neonpro-production-db-g3 NOT_DECLARED'],
  ],
  ['the writer is not adopted yet', policyWith('recovery'), { [G2]: writer }, [`${G2} NOT_ADOPTED`]],
  // On its way in, the stack declares no writer yet, or holds none.
  ['the writer has left its stack', policyWith('recovery', 'released'), { [G2]: writer }, [`${G2} NOT_ADOPTED`]],
  ['the writer is imported', policyWith('recovery', 'imported'), { [G2]: writer }, [`${G2} NOT_ADOPTED`]],
  [
    'the writer is adopted, and the old one lies where it fell',
    policyWith('recovery', 'adopted'),
    { [G1]: 'unreachable', [G2]: writer },
    [],
  ],
])('says what differs where %s', async (_, policy, live, expected) => {
  const drift = await topologyDrift(policy, inventoryOf(live))
  expect(drift.map(({ instance, code }) => `${instance} ${code}`)).toEqual(expected)
  expect(drift.every(({ remedy }) => remedy.length > 20)).toBe(true)
})
