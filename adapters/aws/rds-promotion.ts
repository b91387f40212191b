import {
  AddTagsToResourceCommand,
  PromoteReadReplicaCommand,
  type DBInstance,
  type RDSClient,
} from '@aws-sdk/client-rds'
import type { InstanceRef, Promotion } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { WRITER_TAG, PROMOTION_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { describeInstance, findInstance, promotionKeyOf, REFUSED } from './rds-inventory'

/**
 * Promotes a replica of one region. The tags come first: they stay on the instance through the promotion, so that a
 * crash after it cannot leave a primary without backups, and a repeated request finds the key of its own.
 */
export class RdsPromotion implements Promotion {
  constructor(
    private readonly client: RDSClient,
    private readonly region: string,
  ) {}

  async promote(ref: InstanceRef, request: { key: string; backupRetentionDays: number }): Promise<void> {
    const before = await this.require(ref)
    if (isUnderWay(ref, before, request.key)) return
    await this.tag(before, request.key)
    const command = new PromoteReadReplicaCommand({
      DBInstanceIdentifier: ref.instance,
      // RDS takes 1 day where it is not said: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html
      BackupRetentionPeriod: request.backupRetentionDays,
    })
    try {
      await asking(`promoting '${ref.instance}'`, () => this.client.send(command, within(CALL_MS)))
    } catch (error) {
      if (!isException(error, 'InvalidDBInstanceState')) throw error
      const { role, status } = describeInstance(ref, await this.require(ref))
      // The refusal may be the answer to a repeated attempt whose first one succeeded unheard.
      if (role === 'primary' || (status === 'promoting' && attemptsOf(error) > 1)) return
      if (status !== 'promoting' && status !== 'backing-up') throw error
      // Nothing was started, so the key must not say otherwise to whoever asks next.
      await this.tag(before, REFUSED)
      throw new PortError('throttled', 'RDS_BUSY', `'${ref.instance}' is under another change; promote it afterwards`)
    }
  }

  private async require(ref: InstanceRef): Promise<DBInstance> {
    const found = await findInstance(this.client, this.region, ref)
    if (found) return found
    throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
  }

  private async tag({ DBInstanceArn }: DBInstance, key: string): Promise<void> {
    const command = new AddTagsToResourceCommand({
      ResourceName: DBInstanceArn,
      Tags: [
        { Key: WRITER_TAG.key, Value: WRITER_TAG.value },
        { Key: PROMOTION_TAG, Value: key },
      ],
    })
    await asking('tagging the replica', () => this.client.send(command, within(CALL_MS)))
  }
}

function isUnderWay(ref: InstanceRef, found: DBInstance, key: string): boolean {
  const { role, status } = describeInstance(ref, found)
  return role === 'primary' || (status === 'promoting' && promotionKeyOf(found) === key)
}

/** How often the SDK had sent the request when it gave up. */
function attemptsOf(error: PortError): number {
  const { $metadata } = error.cause as { $metadata?: { attempts?: number } }
  return $metadata?.attempts ?? 1
}
