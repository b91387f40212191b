import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { AlarmTopic, type AlarmTopicProps } from '../constructs/alarm-topic'
import { CrossRegionReplica, type CrossRegionReplicaProps } from '../constructs/cross-region-replica'

export interface ReplicaStackProps extends StackProps {
  readonly replica: Omit<CrossRegionReplicaProps, 'lagAlarm'> & {
    readonly lagAlarm: Omit<CrossRegionReplicaProps['lagAlarm'], 'action'>
  }
  readonly alarms: AlarmTopicProps
}

/** One generation of the replica, alone in its stack, because CloudFormation cannot protect a replica by itself. */
export class ReplicaStack extends Stack {
  readonly replica: CrossRegionReplica

  constructor(scope: Construct, id: string, props: ReplicaStackProps) {
    super(scope, id, props)
    const { action } = new AlarmTopic(this, 'Alarms', props.alarms)
    this.replica = new CrossRegionReplica(this, 'Replica', {
      ...props.replica,
      lagAlarm: { ...props.replica.lagAlarm, action },
    })
  }
}
