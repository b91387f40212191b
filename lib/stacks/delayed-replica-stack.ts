import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { DelayedReplica, type DelayedReplicaProps } from '../constructs/delayed-replica'

export interface DelayedReplicaStackProps extends StackProps {
  readonly replica: DelayedReplicaProps
}

/** The replica that stays behind, alone in its stack, because CloudFormation cannot protect a replica by itself. */
export class DelayedReplicaStack extends Stack {
  constructor(scope: Construct, id: string, props: DelayedReplicaStackProps) {
    super(scope, id, props)
    new DelayedReplica(this, 'Replica', props.replica)
  }
}
