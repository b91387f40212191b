import { AddTagsToResourceCommand, RebootDBInstanceCommand, type DBInstance, type RDSClient } from '@aws-sdk/client-rds'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { ZoneStandby } from '../../core/ports/zone-standby'
import { ZONE_FAILOVER_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'
import { findInstance } from './rds-inventory'

/**
 * Fails RDS instances of one region over to the standby of their Multi-AZ deployment, which reboots them on its host
 * (RDS user guide, "Failing over a Multi-AZ DB instance"). The tag comes first, with the zone that is left: whoever asks again
 * by the same key finds there that it was asked, and RDS itself refuses a second reboot while the first is under way.
 */
export class RdsZoneStandby implements ZoneStandby {
  constructor(
    private readonly client: RDSClient,
    private readonly region: string,
  ) {}

  async failOver(ref: InstanceRef, { key }: { readonly key: string }): Promise<{ readonly leaves: string | null }> {
    const before = await findInstance(this.client, this.region, ref)
    if (!before) throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
    const asked = askedBefore(before)
    if (asked?.key === key && hasBegun(before, asked.zone)) return { leaves: asked.zone || null }
    if (!before.MultiAZ)
      throw new PortError('conflict', 'NO_STANDBY', `'${ref.instance}' has no standby in another zone`)
    await this.tag(before, key)
    const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: ref.instance, ForceFailover: true })
    await asking(`failing '${ref.instance}' over`, () => this.client.send(command, within(CALL_MS)))
    return { leaves: before.AvailabilityZone ?? null }
  }

  private async tag({ DBInstanceArn, AvailabilityZone }: DBInstance, key: string): Promise<void> {
    const Tags = [{ Key: ZONE_FAILOVER_TAG, Value: `${key}@${AvailabilityZone ?? ''}` }]
    const command = new AddTagsToResourceCommand({ ResourceName: DBInstanceArn, Tags })
    await asking('tagging the instance', () => this.client.send(command, within(CALL_MS)))
  }
}

interface Asked {
  readonly key: string
  /** Zone that the instance served from then. */
  readonly zone: string
}

function askedBefore({ TagList }: DBInstance): Asked | undefined {
  const value = TagList?.find(({ Key }) => Key === ZONE_FAILOVER_TAG)?.Value
  const at = value?.lastIndexOf('@') ?? -1
  return value === undefined || at < 0 ? undefined : { key: value.slice(0, at), zone: value.slice(at + 1) }
}

/** A tag may outlive a crash before the reboot: only a change that is seen says that the request has arrived. */
const hasBegun = ({ DBInstanceStatus: status, AvailabilityZone }: DBInstance, from: string): boolean =>
  status !== 'available' || (AvailabilityZone ?? '') !== from
