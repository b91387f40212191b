import { RDSClient } from '@aws-sdk/client-rds'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { sessionsWith } from './own-database'
import { ownDatabasesWorld } from './own-world'
import { RdsChanges } from './rds-changes'
import { RdsContainment } from './rds-containment'
import { restoredDatabases } from './restored-databases'

/** What cuts off the databases of its own region, from the environment of the function that stands next to them. */
export function containmentBeside(environment: AwsEnvironment): RdsContainment {
  const { databases, policy, region } = ownDatabasesWorld(environment)
  return new RdsContainment(new RdsChanges(new RDSClient(clientSettings(region)), region, systemClock), {
    sessions: sessionsWith(databases, restoredDatabases(environment, region, policy.database.name)),
    closedGroupId: setting(environment, 'closedSecurityGroup'),
    clock: systemClock,
  })
}
