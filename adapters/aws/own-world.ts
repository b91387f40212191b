import type { Policy } from '../../core/policy'
import { refuseForeignEndpoints } from './client-settings'
import type { AwsEnvironment } from './environment'
import { ownDatabase, ownDatabases, type OwnDatabase } from './own-database'
import { readPolicy } from './policy-layer'

/** What a function beside the runbook knows of itself: the policy, the region it runs in. */
export interface OwnWorld {
  readonly policy: Policy
  readonly region: string
}

/** Reads policy and region (AWS_REGION, which Lambda sets). Throws where they are missing or not the expected ones. */
export function ownWorld(environment: AwsEnvironment): OwnWorld {
  refuseForeignEndpoints(environment)
  const region = environment['AWS_REGION']
  if (!region) throw new Error('the variable AWS_REGION is not set; Lambda sets it by itself')
  return { policy: readPolicy(environment), region }
}

/** The same, with the database instance the function stands next to. */
export function ownDatabaseWorld(environment: AwsEnvironment): OwnWorld & { readonly database: OwnDatabase } {
  const world = ownWorld(environment)
  return { ...world, database: ownDatabase(environment, world.region, world.policy.database.name) }
}

/** The same, with every declared instance of the region. */
export function ownDatabasesWorld(
  environment: AwsEnvironment,
): OwnWorld & { readonly databases: readonly OwnDatabase[] } {
  const world = ownWorld(environment)
  return { ...world, databases: ownDatabases(environment, world.region, world.policy.database.name) }
}
