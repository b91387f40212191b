import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { CrossRegionReplica, type CrossRegionReplicaProps } from '../constructs/cross-region-replica'

export interface ReplicaStackProps extends StackProps {
  readonly replica: CrossRegionReplicaProps
}

/** One generation of the replica, alone in its stack, because CloudFormation cannot protect a replica by itself. */
export class ReplicaStack extends Stack {
  readonly replica: CrossRegionReplica

  constructor(scope: Construct, id: string, props: ReplicaStackProps) {
    super(scope, id, props)
    this.replica = new CrossRegionReplica(this, 'Replica', props.replica)
  }
}
