import { contentHash } from '../evidence/hash'
import type { Policy } from './index'

type Named = Pick<Policy, 'application' | 'environment' | 'topology'>

/** What every chosen name of an environment begins with. */
export const namePrefix = ({ application, environment }: Named): string => `${application}-${environment}`

/** Name of the coordination table, the same in the recovery and the witness region. */
export const coordinationTableName = (policy: Named): string => `${namePrefix(policy)}-coordination`

/** Name of a bucket of a kind in a region; the account keeps it apart from everybody else's. */
export const bucketName = (policy: Named, kind: string, region: string): string =>
  `${namePrefix(policy)}-${kind}-${policy.topology.accountId}-${region}`

/** What the name of every database instance of ours begins with; its generation follows. */
export const databasePrefix = (policy: Named): string => `${namePrefix(policy)}-db-g`

/** Name of an instance: a rebuilt one is a new generation, so it never takes the name of an old one; an imported one has its own. */
export function databaseName(policy: Named & Pick<Policy, 'imports'>, generation: number): string {
  const { database } = policy.imports
  if (database.mode === 'import' && database.generation === generation) return database.instanceIdentifier
  return `${databasePrefix(policy)}${generation}`
}

/**
 * Name of the instance that comes next: a recovery restores under it beside what exists, and it is declared under it
 * afterwards. As long as it is not, the name is taken, and no other recovery begins.
 */
export const nextDatabaseName = (policy: Named & Pick<Policy, 'imports' | 'mechanisms'>): string =>
  databaseName(policy, nextGeneration(policy))

/** The first number that no instance has. */
export function nextGeneration({ topology, mechanisms: { delayedReplica } }: Pick<Policy, 'topology' | 'mechanisms'>) {
  const taken = topology.instances.map(({ generation }) => generation)
  return Math.max(...taken, delayedReplica.mode === 'none' ? 0 : delayedReplica.generation) + 1
}

/** What the name of a copy begins with that is restored as a test. It is never the name of a generation. */
export const testCopyPrefix = (policy: Named): string => `${namePrefix(policy)}-db-test-`

/** Name of the copy of one test: RDS takes few characters, and the id of a run may have many. */
export const testCopyName = (policy: Named, id: string): string =>
  `${testCopyPrefix(policy)}${contentHash(id).slice(0, 12)}`

/** Name of a function of ours, the same in each region that has it. */
export const functionName = (policy: Named, name: string): string => `${namePrefix(policy)}-${name}`

/** Name of a role of people; it carries the one region that declares it, since IAM is global. */
export const humanRoleName = (policy: Named, name: string): string =>
  `${namePrefix(policy)}-${name}-${'recovery' in policy.topology.regions ? policy.topology.regions.recovery : policy.topology.regions.primary}`

/** Name by which clients are served, wherever it leads. */
export const servedName = ({ dns }: Pick<Policy, 'dns'>, of: 'database' | 'api'): string =>
  `${of === 'database' ? dns.databaseName : dns.apiName}.${dns.zoneName}`

/** Name of a vault of recovery points, the same in each region that has it. */
export const vaultName = (policy: Named, kind: string): string => `${namePrefix(policy)}-${kind}`

/** Alias of our key for a purpose, the same in each region that has it. */
export const keyAlias = (policy: Named, purpose: string): string => `alias/${namePrefix(policy)}/${purpose}`
