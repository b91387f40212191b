import { ListResourceRecordSetsCommand, Route53Client, type ResourceRecordSet } from '@aws-sdk/client-route-53'
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SWITCH_TO_RECOVERY, switchToNext } from '../adapters/aws/agreed-names'
import { clientSettings } from '../adapters/aws/client-settings'
import { servedInstance } from '../adapters/aws/served-instance'
import type { TwoRegionPolicy } from '../core/policy'
import type { Names } from '../lib/names'

/**
 * What the deployed failover records answer. MiniStack has no health checks, so their rule is applied here to the deployed
 * switch buckets: the record of the primary side gives way once the object of both places is there, of the region or, behind
 * an alias, of the database that was restored within it.
 */
export class ServedName {
  private readonly route53 = new Route53Client(clientSettings('us-east-1'))

  constructor(
    private readonly policy: TwoRegionPolicy,
    private readonly names: Names,
    private readonly hostedZoneId: string,
  ) {}

  async target(name: string): Promise<string | undefined> {
    const region = (await this.hasMoved(SWITCH_TO_RECOVERY)) ? 'recovery' : 'primary'
    const record = await this.record(name, region === 'recovery' ? 'SECONDARY' : 'PRIMARY')
    if (!record?.AliasTarget?.DNSName) return record?.ResourceRecords?.[0]?.Value
    const within = await this.hasMoved(switchToNext(this.names.region(region), this.names.nextDatabase()))
    const behind = record.AliasTarget.DNSName.replace(/\.$/, '')
    return (await this.record(behind, within ? 'SECONDARY' : 'PRIMARY'))?.ResourceRecords?.[0]?.Value
  }

  private async record(name: string, side: 'PRIMARY' | 'SECONDARY'): Promise<ResourceRecordSet | undefined> {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: this.hostedZoneId })
    const { ResourceRecordSets = [] } = await this.route53.send(command)
    return ResourceRecordSets.find((found) => found.Name === `${name}.` && found.Failover === side)
  }

  /** Region that the database's name leads to. */
  async region(): Promise<string | undefined> {
    const cname = async (name: string) => [await this.target(name)].filter((target) => target !== undefined)
    const lookup = { cname, addresses: async () => ['127.0.0.1'] }
    return (await servedInstance(lookup, this.names.servedName('database'), this.names.nextDatabase()))?.region
  }

  private async hasMoved(key: string): Promise<boolean> {
    const objects = await Promise.all((['recovery', 'witness'] as const).map((place) => this.hasObject(place, key)))
    return objects.every(Boolean)
  }

  private async hasObject(place: 'recovery' | 'witness', key: string): Promise<boolean> {
    const client = new S3Client(clientSettings(this.policy.topology.regions[place]))
    const command = new HeadObjectCommand({ Bucket: this.names.bucket('switch', place), Key: key })
    try {
      await client.send(command)
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFound') return false
      throw error
    }
  }
}
