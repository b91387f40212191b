import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SWITCH_TO_RECOVERY } from '../adapters/aws/agreed-names'
import { clientSettings } from '../adapters/aws/client-settings'
import { servedRegion } from '../adapters/aws/served-region'
import type { TwoRegionPolicy } from '../core/policy'
import type { Names } from '../lib/names'

/**
 * What the deployed failover records answer. MiniStack has no health checks, so their rule is applied here to the deployed
 * switch buckets: the primary's record gives way once the object of both places is there.
 */
export class ServedName {
  private readonly route53 = new Route53Client(clientSettings('us-east-1'))

  constructor(
    private readonly policy: TwoRegionPolicy,
    private readonly names: Names,
    private readonly hostedZoneId: string,
  ) {}

  async target(name: string): Promise<string | undefined> {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: this.hostedZoneId })
    const [{ ResourceRecordSets = [] }, moved] = await Promise.all([this.route53.send(command), this.hasMoved()])
    const side = moved ? 'SECONDARY' : 'PRIMARY'
    const record = ResourceRecordSets.find((found) => found.Name === `${name}.` && found.Failover === side)
    return record?.ResourceRecords?.[0]?.Value
  }

  /** Region that the database's name leads to. */
  async region(): Promise<string | undefined> {
    const cname = async (name: string) => [await this.target(name)].filter((target) => target !== undefined)
    return (await servedRegion({ cname }, this.names.servedName('database')))?.region
  }

  private async hasMoved(): Promise<boolean> {
    const objects = await Promise.all((['recovery', 'witness'] as const).map((place) => this.hasObject(place)))
    return objects.every(Boolean)
  }

  private async hasObject(place: 'recovery' | 'witness'): Promise<boolean> {
    const client = new S3Client(clientSettings(this.policy.topology.regions[place]))
    const command = new HeadObjectCommand({ Bucket: this.names.bucket('switch', place), Key: SWITCH_TO_RECOVERY })
    try {
      await client.send(command)
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return false
      throw error
    }
  }
}
