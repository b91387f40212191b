import type { Policy } from './index'

type Named = Pick<Policy, 'application' | 'environment' | 'topology'>

/** What every chosen name of an environment begins with. */
export const namePrefix = ({ application, environment }: Named): string => `${application}-${environment}`

/** Name of the coordination table, the same in the recovery and the witness region. */
export const coordinationTableName = (policy: Named): string => `${namePrefix(policy)}-coordination`

/** Name of a bucket of a kind in a region; the account keeps it apart from everybody else's. */
export const bucketName = (policy: Named, kind: string, region: string): string =>
  `${namePrefix(policy)}-${kind}-${policy.topology.accountId}-${region}`

/** Name of a function of ours, the same in each region that has it. */
export const functionName = (policy: Named, name: string): string => `${namePrefix(policy)}-${name}`

/** Name of a role of people; it carries the one region that declares it, since IAM is global. */
export const humanRoleName = (policy: Named, name: string): string =>
  `${namePrefix(policy)}-${name}-${'recovery' in policy.topology.regions ? policy.topology.regions.recovery : policy.topology.regions.primary}`
