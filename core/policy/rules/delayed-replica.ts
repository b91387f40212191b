import type { Policy } from '../schema'
import { rule, when, type Finding, type Rules } from './rule'

type Delayed = Extract<Policy['mechanisms']['delayedReplica'], { readonly mode: 'delayed' }>

/** Applies a check only where a replica stays behind. */
const whereDelayed =
  (check: (delayed: Delayed, policy: Policy) => readonly Finding[]) =>
  (policy: Policy): readonly Finding[] =>
    policy.mechanisms.delayedReplica.mode === 'delayed' ? check(policy.mechanisms.delayedReplica, policy) : []

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rpg-delayed-replication.html
const delayIsSupportedByTheVersion = rule(
  'the delay that is declared is one that RDS keeps',
  ['mechanisms.delayedReplica.mode', 'database.engineVersion'],
  whereDelayed((_delayed, { database: { engineVersion } }) => {
    const [major = 0, minor = 0] = engineVersion.split('.').map(Number)
    const since = DELAY_SINCE.get(major)
    return when(
      since === undefined || minor < since,
      'mechanisms.delayedReplica.mode',
      `is 'delayed', but AWS lists delayed replication from ${listed()} on, and the database runs ${engineVersion}`,
      'use a listed version, or declare none with a reason',
    )
  }),
)

const delayedReplicaHasItsOwnGeneration = rule(
  'nothing that promotes or routes can take the delayed replica for one of its instances',
  ['mechanisms.delayedReplica.generation', 'topology.instances'],
  whereDelayed(({ generation }, { topology: { instances } }) =>
    when(
      instances.some((instance) => instance.generation === generation),
      'mechanisms.delayedReplica.generation',
      `is ${generation}, which an instance of the topology has`,
      'take the next free generation',
    ),
  ),
)

const delayedReplicaFollowsAnInstance = rule(
  'the delayed replica follows a database of the topology',
  ['mechanisms.delayedReplica.source', 'topology.instances'],
  whereDelayed(({ source }, { topology: { instances } }) =>
    when(
      !instances.some(({ generation, role }) => generation === source && role === 'primary'),
      'mechanisms.delayedReplica.source',
      `is ${source}, no instance that is created as a primary`,
      'name the generation of the primary',
    ),
  ),
)

/** First minor version of each major one. */
const DELAY_SINCE: ReadonlyMap<number, number> = new Map([
  [14, 19],
  [15, 14],
  [16, 10],
  [17, 6],
])
const listed = (): string => [...DELAY_SINCE].map(([major, minor]) => `${major}.${minor}`).join(', ')

export const delayedReplicaRules: Rules = {
  delayIsSupportedByTheVersion,
  delayedReplicaHasItsOwnGeneration,
  delayedReplicaFollowsAnInstance,
}
