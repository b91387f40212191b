import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, Stats, TreatMissingData, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch'
import { DatabaseInstance, DatabaseInstanceReadReplica, type CfnDBInstance } from 'aws-cdk-lib/aws-rds'
import { Construct } from 'constructs'
import { PostgresSurroundings, type PostgresInstanceProps } from './postgres-surroundings'

export interface CrossRegionReplicaProps extends PostgresInstanceProps {
  /** ARN of the instance it follows, by its chosen name: nothing is read from the other region. */
  readonly sourceArn: string
  readonly sourceRegion: string
  readonly multiAz: boolean
  readonly lagAlarm: { readonly thresholdSeconds: number; readonly datapoints: number; readonly action: IAlarmAction }
}

/**
 * A read replica in the region that takes over, with its own key and parameter group.
 * CloudFormation ignores deletion policies of replicas and removing the source property promotes, so deletion protection
 * and the termination protection of its own stack are what keeps it, and its source stays in the template until adoption.
 * @stateful
 */
export class CrossRegionReplica extends Construct {
  readonly instance: DatabaseInstanceReadReplica

  constructor(scope: Construct, id: string, props: CrossRegionReplicaProps) {
    super(scope, id)
    const surroundings = new PostgresSurroundings(this, 'Surroundings', props)
    const replica = new DatabaseInstanceReadReplica(this, 'Resource', {
      ...surroundings.instanceProps,
      sourceDatabaseInstance: DatabaseInstance.fromDatabaseInstanceAttributes(this, 'Source', {
        instanceIdentifier: props.sourceArn,
        instanceEndpointAddress: 'unused',
        port: 5432,
        securityGroups: [],
        engine: surroundings.engine,
      }),
      multiAz: props.multiAz,
      storageEncrypted: true,
      storageEncryptionKey: props.key,
    })
    const resource = replica.node.defaultChild as CfnDBInstance
    resource.sourceDbInstanceIdentifier = props.sourceArn
    // Create-only: dropped later together with the source, it would replace the instance by an empty one.
    resource.sourceRegion = props.sourceRegion
    // A replica takes encryption from its source and the key from KmsKeyId; the two together are refused (F3020).
    resource.addPropertyDeletionOverride('StorageEncrypted')
    this.instance = replica
    const lag = new Alarm(this, 'Lag', {
      alarmDescription: 'The replica falls behind: a region loss now would lose more than the policy promises',
      metric: replica.metric('ReplicaLag', { statistic: Stats.MAXIMUM, period: Duration.minutes(1) }),
      threshold: props.lagAlarm.thresholdSeconds,
      evaluationPeriods: props.lagAlarm.datapoints,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No lag is reported by a replica that no longer follows.
      treatMissingData: TreatMissingData.BREACHING,
    })
    lag.addAlarmAction(props.lagAlarm.action)
  }
}
