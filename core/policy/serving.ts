import type { Policy } from './schema'

type Topology = Policy['topology']
type DataRole = Topology['active']

/**
 * Generation of the instance that a data region's functions, names and backups are about; undefined where it has none.
 *
 * - In the region that serves: its newest one, which was promoted last.
 * - In the recovery region while it waits: its newest one, which a failover promotes.
 * - In the primary region after a failover: the one that wrote last. A replica that is rebuilt there for the way back is newer,
 *   and has nothing to fence yet: a guard that went over to it would leave the old writer to open itself again.
 */
export function servingGeneration(topology: Topology, role: DataRole): number | undefined {
  const own = topology.instances.filter(({ region }) => region === role)
  if (role === topology.active || role === 'recovery') return newest(own)
  const writer = servingGeneration(topology, topology.active)
  return newest(own.filter(({ source }) => source === undefined || source !== writer)) ?? newest(own)
}

/**
 * The replica in the primary region out of which the way leads back: its newest one that follows what serves in the recovery
 * region. Undefined where none is declared.
 */
export function rebuiltGeneration(topology: Topology): number | undefined {
  if (topology.active !== 'recovery') return undefined
  const writer = servingGeneration(topology, 'recovery')
  return newest(topology.instances.filter(({ region, source }) => region === 'primary' && source === writer))
}

/**
 * Generation that the replica of the recovery region follows, as it is declared; undefined where that region has none, or has
 * served what followed: a promoted replica follows nobody.
 */
export function followedGeneration(topology: Topology): number | undefined {
  if (topology.active === 'recovery') return undefined
  const serving = servingGeneration(topology, 'recovery')
  return topology.instances.find(({ generation }) => generation === serving)?.source
}

/** The instance that was created as a writer, and whose owner, with the password, a chain of replicas has taken over. */
export function originOf(topology: Topology, generation: number): Topology['instances'][number] | undefined {
  const instance = topology.instances.find((other) => other.generation === generation)
  // A source is always older: the chain ends.
  return instance?.source === undefined || instance.source >= generation
    ? instance
    : originOf(topology, instance.source)
}

const newest = (instances: Topology['instances']): number | undefined =>
  instances.length === 0 ? undefined : Math.max(...instances.map(({ generation }) => generation))
