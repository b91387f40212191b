import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { RecoveryNetwork, type NetworkSource } from '../constructs/recovery-network'
import type { DataRegionRole, Names } from '../names'

export interface NetworkStackProps extends StackProps {
  readonly names: Names
  readonly role: DataRegionRole
  readonly source: NetworkSource
  readonly availabilityZones: readonly string[]
  readonly logKey: IKey
  readonly logRetention: RetentionDays
}

/** The network of one region. */
export class NetworkStack extends Stack {
  readonly network: RecoveryNetwork
  private readonly zones: readonly string[]

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props)
    this.zones = props.availabilityZones
    this.network = new RecoveryNetwork(this, 'Network', {
      source: props.source,
      availabilityZones: props.availabilityZones,
      logKey: props.logKey,
      logRetention: props.logRetention,
      flowLogRoleName: props.names.role('flow-logs', props.role),
    })
  }

  /** Zones are policy: the CDK would look them up, which needs credentials, although the network names them. */
  override get availabilityZones(): string[] {
    return [...this.zones]
  }
}
