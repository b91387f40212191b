import { originOf } from '../../core/policy'
import type { IsolatedNetwork } from '../constructs/recovery-function'
import type { RecoveryNetwork } from '../constructs/recovery-network'
import type { DatabaseAccess, OwnDatabase, OwnerSecret, Surroundings } from '../function-bindings'
import { FUNCTIONS } from '../functions'
import type { DataRegionRole } from '../names'
import { runbookMachine, runbooksOf } from '../runbook-machines'
import { RunbooksStack } from '../stacks/runbooks-stack'
import type { DeployedInstance, Instances } from './databases'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** What a function next to the database needs of its region. */
export interface BesideDatabase {
  readonly network: IsolatedNetwork
  readonly around: Surroundings
}

export const besideDatabase = (
  region: Region<DataRegionRole>,
  { keys }: Foundation,
  network: RecoveryNetwork,
  [serving, ...others]: Instances,
): BesideDatabase => ({
  network: { vpc: network.vpc, subnets: network.subnets, securityGroup: network.clients },
  around: {
    ...region.surroundings(keys),
    database: ownDatabase(region, keys, serving),
    databases: [serving, ...others].map((instance) => accessTo(region, instance)),
    securityGroups: {
      databases: network.databases.securityGroupId,
      testCopies: network.copies.securityGroupId,
      closed: network.closed.securityGroupId,
    },
  },
})

/** The same for what stands in the network of the database and does not speak to it. */
export const besideNothing = (
  region: Region<DataRegionRole>,
  { keys }: Foundation,
  { vpc, subnets, clients }: RecoveryNetwork,
): BesideDatabase => ({
  network: { vpc, subnets, securityGroup: clients },
  around: region.surroundings(keys),
})

/** The functions of a data region that act in a runbook, and the runbooks that it executes. */
export function runbooks(region: Region<DataRegionRole>, foundation: Foundation, beside: BesideDatabase): void {
  const { role, policy, names } = region
  new RunbooksStack(region.stage, `runbooks-${role}`, {
    ...stackProps(region, foundation),
    ...beside,
    runbooks: Object.fromEntries(
      runbooksOf(names, role).map((name) => [name, runbookMachine(name, policy, names, role)]),
    ),
  })
}

/** The witness only probes. */
export function witnessFunctions(region: Region<'witness'>, foundation: Foundation): void {
  new RunbooksStack(region.stage, 'runbooks-witness', {
    ...stackProps(region, foundation),
    around: region.surroundings(foundation.keys),
  })
}

const stackProps = (region: Region, { keys }: Foundation) => ({
  ...region.stack('runbooks'),
  contracts: FUNCTIONS.runbooks,
  code: region.code,
  key: keys.key('operations'),
  logRetention: region.logRetention,
  prepareEveryMinutes: region.policy.readiness.prepareEveryMinutes,
  // A schedule knows no seconds; a look over a longer time allows as much more.
  watchChangesEveryMinutes: Math.ceil(region.policy.incidentResponse.deletionRate.intervalSeconds / 60),
})

function ownDatabase(region: Region<DataRegionRole>, keys: Foundation['keys'], serving: DeployedInstance): OwnDatabase {
  const ownerSecret = ownerSecretOf(region, keys, serving.generation)
  return { ...accessTo(region, serving), ...(ownerSecret && { ownerSecret }) }
}

function accessTo({ names }: Region, { generation, resource }: DeployedInstance): DatabaseAccess {
  const instance = names.database(generation)
  if (!resource.instanceResourceId) throw new Error(`the resource id of '${instance}' is not known`)
  return {
    instance,
    host: resource.dbInstanceEndpointAddress,
    port: resource.dbInstanceEndpointPort,
    resourceId: resource.instanceResourceId,
  }
}

/**
 * The secret of the instance that was created as a writer: a replica has the owner of its source, and the secret has a replica
 * wherever an instance stands. Undefined where an imported writer stands in the other region, whose secret is not ours to copy.
 */
function ownerSecretOf(
  { names, role, policy }: Region<DataRegionRole>,
  keys: Foundation['keys'],
  generation: number,
): OwnerSecret | undefined {
  const { database } = policy.imports
  const origin = originOf(policy.topology, generation)
  if (!origin) return undefined
  if (database.mode === 'import' && database.generation === origin.generation)
    return origin.region === role
      ? { name: database.ownerSecretArn, arn: database.ownerSecretArn, keyArn: database.ownerSecretKeyArn }
      : undefined
  const name = names.ownerSecret(origin.generation)
  return { name: names.secret(name), arn: names.secretArn(role, name), keyArn: keys.key('database').keyArn }
}
