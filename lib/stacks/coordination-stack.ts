import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { CoordinationTable } from '../constructs/coordination-table'
import { TrafficSwitchBucket } from '../constructs/traffic-switch-bucket'
import type { Names, RegionRole } from '../names'

export interface CoordinationStackProps extends StackProps {
  readonly names: Names
  readonly role: Exclude<RegionRole, 'primary'>
  readonly key: IKey
  readonly accessLogs: IBucket
  readonly checkerRanges: readonly string[]
}

/** One of the two places that decide who may write and where traffic goes. */
export class CoordinationStack extends Stack {
  readonly coordination: CoordinationTable
  readonly trafficSwitch: TrafficSwitchBucket

  constructor(scope: Construct, id: string, props: CoordinationStackProps) {
    super(scope, id, props)
    const { names, role } = props
    this.coordination = new CoordinationTable(this, 'Coordination', {
      tableName: names.coordinationTable(),
      key: props.key,
    })
    this.trafficSwitch = new TrafficSwitchBucket(this, 'TrafficSwitch', {
      bucketName: names.bucket('switch', role),
      accessLogs: props.accessLogs,
      readableKeys: names.switchKeys(),
      checkerRanges: props.checkerRanges,
    })
  }
}
