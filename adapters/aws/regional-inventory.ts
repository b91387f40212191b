import { RDSClient } from '@aws-sdk/client-rds'
import type { Inventory } from '../../core/ports/database'
import { clientSettings, refuseForeignEndpointsOfPerson } from './client-settings'
import type { AwsEnvironment } from './environment'
import { RdsInventory } from './rds-inventory'

/** The instances of every region, with the credentials of the person who looks. Reads only. */
export function regionalInventory(environment: AwsEnvironment): Inventory {
  refuseForeignEndpointsOfPerson(environment)
  return {
    describe: (ref) => new RdsInventory(new RDSClient(clientSettings(ref.region)), ref.region).describe(ref),
  }
}
