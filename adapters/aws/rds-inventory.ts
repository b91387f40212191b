import { DescribeDBInstancesCommand, type DBInstance, type RDSClient } from '@aws-sdk/client-rds'
import type { InstanceDescription, InstanceRef, Inventory } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { PROMOTION_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** Describes RDS instances of one region. */
export class RdsInventory implements Inventory {
  constructor(
    private readonly client: RDSClient,
    private readonly region: string,
  ) {}

  async describe(ref: InstanceRef): Promise<InstanceDescription | undefined> {
    const found = await findInstance(this.client, this.region, ref)
    return found && describeInstance(ref, found)
  }
}

/** The instance as RDS tells it; undefined where it does not exist. */
export async function findInstance(
  client: RDSClient,
  region: string,
  ref: InstanceRef,
): Promise<DBInstance | undefined> {
  if (ref.region !== region) {
    throw new PortError(
      'invalid',
      'REGION_FOREIGN',
      `'${ref.instance}' is in ${ref.region}; this adapter serves ${region}`,
    )
  }
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: ref.instance })
  try {
    const { DBInstances } = await asking(`describing '${ref.instance}'`, () => client.send(command, within(CALL_MS)))
    return DBInstances?.[0]
  } catch (error) {
    if (isException(error, 'DBInstanceNotFound')) return undefined
    throw error
  }
}

export function describeInstance(ref: InstanceRef, found: DBInstance): InstanceDescription {
  const { AvailabilityZone, Endpoint, ReadReplicaSourceDBInstanceIdentifier } = found
  // RDS names a source in another region by its ARN, and one in the same region by its name.
  const source = ReadReplicaSourceDBInstanceIdentifier?.split(':').at(-1)
  return {
    ...ref,
    status: statusOf(found),
    role: source ? 'replica' : 'primary',
    ...(AvailabilityZone ? { zone: AvailabilityZone } : {}),
    ...(source ? { source } : {}),
    // An instance that is being created has no endpoint yet; it is not `available` either.
    endpoint: { host: Endpoint?.Address ?? '', port: Endpoint?.Port ?? 0 },
  }
}

/** Value of the promotion tag after RDS refused to start. */
export const REFUSED = 'refused'

/** Key of the run whose promotion was last sent to the instance and not refused. */
export function promotionKeyOf(found: DBInstance): string | undefined {
  const key = found.TagList?.find((tag) => tag.Key === PROMOTION_TAG)?.Value
  return key === REFUSED ? undefined : key
}

/** RDS has no status of its own for a promotion: it is a replica under change that carries our tag. */
function statusOf(found: DBInstance): InstanceDescription['status'] {
  const { DBInstanceStatus: status, ReadReplicaSourceDBInstanceIdentifier: source } = found
  if (status === 'available' || status === 'backing-up' || status === 'stopped') return status
  if (GIVEN_UP.has(status)) return 'failed'
  return source && promotionKeyOf(found) && UNDER_CHANGE.has(status) ? 'promoting' : 'other'
}

/**
 * What RDS does not get out of by itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
const GIVEN_UP = new Set<string | undefined>([
  'failed',
  'restore-error',
  'incompatible-restore',
  'incompatible-network',
  'incompatible-parameters',
  'incompatible-option-group',
])

const UNDER_CHANGE = new Set<string | undefined>(['modifying', 'rebooting', 'promoting'])
