import { servingGeneration } from '../serving'
import { rule, when, type Rules } from './rule'

const onePrimaryInstance = rule(
  'there is exactly one writer',
  ['topology.instances'],
  ({ topology: { instances } }) => {
    const primaries = instances.filter(({ role }) => role === 'primary').length
    return when(primaries !== 1, 'topology.instances', `has ${primaries} primaries`, 'declare exactly one')
  },
)

// An instance's role is what it was created as; after a failover the active one is a promoted replica.
const activeRegionHasAnInstance = rule(
  'traffic never goes to a region without a database',
  ['topology.active', 'topology.instances'],
  ({ topology: { active, instances } }) =>
    when(
      !instances.some(({ region }) => region === active),
      'topology.active',
      `is '${active}', where no instance stands`,
      'add an instance there or choose the other region',
    ),
)

const primaryFollowsNothing = rule('a writer has no source', ['topology.instances'], ({ topology: { instances } }) =>
  instances.flatMap(({ role, source }, i) =>
    when(
      role === 'primary' && source !== undefined,
      `topology.instances.${i}.source`,
      `is ${source} on a primary`,
      'remove it',
    ),
  ),
)

const replicaFollowsAnInstance = rule(
  'every replica has a source in the other region',
  ['topology.instances'],
  ({ topology: { instances } }) =>
    instances.flatMap(({ role, region, source }, i) => {
      if (role !== 'replica') return []
      const followed = instances.find(({ generation }) => generation === source)
      return [
        ...when(
          !followed,
          `topology.instances.${i}.source`,
          `is ${source ?? 'missing'}, no generation of the topology`,
          'name the generation it follows',
        ),
        ...when(
          followed?.region === region,
          `topology.instances.${i}.region`,
          `is '${region}', the region of its own source`,
          'place the replica in the other region',
        ),
      ]
    }),
)

const restoredStandsBesideItsSource = rule(
  'what a recovery has restored stands beside its source, and is taken in, never created',
  ['topology.instances'],
  ({ topology: { instances } }) =>
    instances.flatMap(({ role, region, source, adoption }, i) => {
      if (role !== 'restored') return []
      const restored = instances.find(({ generation }) => generation === source)
      return [
        ...when(
          restored?.region !== region,
          `topology.instances.${i}.source`,
          `is ${source ?? 'missing'}, which does not stand in the ${region} region`,
          'name the generation that it was restored from',
        ),
        ...when(
          !adoption,
          `topology.instances.${i}.adoption`,
          'is missing, so that an empty instance would be created',
          "begin with the state 'released', with endpoint and resource id as RDS tells them",
        ),
      ]
    }),
)

const replicaIsDeclaredAsMechanism = rule(
  'the replica that feasibility counts on is deployed, and no other',
  ['topology.instances', 'mechanisms.replica.mode'],
  ({ topology: { instances }, mechanisms: { replica } }) => {
    const stands = instances.some(({ role }) => role === 'replica')
    return when(
      stands !== (replica.mode === 'cross-region'),
      'mechanisms.replica.mode',
      `is '${replica.mode}', while the topology has ${stands ? 'a' : 'no'} replica`,
      'declare both or neither',
    )
  },
)

const generationsAreUnique = rule(
  'a rebuilt instance never takes the name of an old one',
  ['topology.instances'],
  ({ topology: { instances } }) =>
    instances.flatMap(({ generation }, i) =>
      when(
        instances.findIndex((other) => other.generation === generation) !== i,
        `topology.instances.${i}.generation`,
        `${generation} is used twice`,
        'take the next free generation',
      ),
    ),
)

const onlyAWriterIsAdopted = rule(
  'what is adopted was a replica, or restored, and writes now',
  ['topology.instances', 'topology.active'],
  ({ topology }) =>
    topology.instances.flatMap(({ generation, source, adoption }, i) => {
      const path = `topology.instances.${i}.adoption`
      if (!adoption) return []
      if (source === undefined)
        return when(true, path, 'is set on an instance that was created as a writer', 'remove it')
      // Adopted once, it stays what it is, whoever writes later.
      const writes = generation === servingGeneration(topology, topology.active)
      return when(
        adoption.state !== 'adopted' && !writes,
        path,
        `is '${adoption.state}' on generation ${generation}, which does not write`,
        'fail over and set topology.active first',
      )
    }),
)

const engineVersionMatchesMajor = rule(
  'the rehearsal runs the major version that production runs',
  ['database.engineMajor', 'database.engineVersion'],
  ({ database: { engineMajor, engineVersion } }) =>
    when(
      !engineVersion.startsWith(`${engineMajor}.`),
      'database.engineVersion',
      `is '${engineVersion}', not of major ${engineMajor}`,
      `use a ${engineMajor}.x version`,
    ),
)

const storageHoldsTheData = rule(
  'the data fits with room to grow',
  ['database.storageGigabytes', 'database.sizeGigabytes'],
  ({ database: { storageGigabytes, sizeGigabytes } }) =>
    when(
      storageGigabytes < sizeGigabytes * 1.25,
      'database.storageGigabytes',
      `is ${storageGigabytes} for ${sizeGigabytes} GB of data`,
      `allocate at least ${Math.ceil(sizeGigabytes * 1.25)}`,
    ),
)

export const instanceRules: Rules = {
  onePrimaryInstance,
  activeRegionHasAnInstance,
  primaryFollowsNothing,
  replicaFollowsAnInstance,
  restoredStandsBesideItsSource,
  replicaIsDeclaredAsMechanism,
  generationsAreUnique,
  onlyAWriterIsAdopted,
  engineVersionMatchesMajor,
  storageHoldsTheData,
}
