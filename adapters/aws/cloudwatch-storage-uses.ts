import { GetMetricStatisticsCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { type RDSClient } from '@aws-sdk/client-rds'
import type { StorageUse, StorageUses } from '../../core/ports/storage-use'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'
import { findInstance } from './rds-inventory'

const DAY_SECONDS = 86_400
const GIGABYTE = 1024 ** 3

/** What RDS measures of its storage: free bytes, of which the least of each day counts. */
export class CloudWatchStorageUses implements StorageUses {
  constructor(
    private readonly cloudwatch: CloudWatchClient,
    private readonly rds: RDSClient,
    private readonly region: string,
    private readonly now: () => Date,
  ) {}

  async of(instance: string, days: number): Promise<StorageUse | undefined> {
    const found = await findInstance(this.rds, this.region, { region: this.region, instance })
    if (found?.AllocatedStorage === undefined) return undefined
    const allocatedBytes = found.AllocatedStorage * GIGABYTE
    const end = this.now()
    const command = new GetMetricStatisticsCommand({
      Namespace: 'AWS/RDS',
      MetricName: 'FreeStorageSpace',
      Dimensions: [{ Name: 'DBInstanceIdentifier', Value: instance }],
      StartTime: new Date(end.getTime() - days * DAY_SECONDS * 1000),
      EndTime: end,
      Period: DAY_SECONDS,
      Statistics: ['Minimum'],
    })
    const { Datapoints } = await asking(`reading the free storage of '${instance}'`, () =>
      this.cloudwatch.send(command, within(CALL_MS)),
    )
    const history = (Datapoints ?? [])
      .flatMap(({ Timestamp, Minimum }) =>
        Timestamp && Minimum !== undefined
          ? [{ at: Timestamp.toISOString(), bytes: Math.max(0, Math.round(allocatedBytes - Minimum)) }]
          : [],
      )
      .toSorted((a, b) => a.at.localeCompare(b.at))
    return { allocatedBytes, history }
  }
}
