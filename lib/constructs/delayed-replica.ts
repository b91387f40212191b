import { DatabaseInstanceReadReplica, type CfnDBInstance, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds'
import { Construct } from 'constructs'
import { PostgresSurroundings, type PostgresInstanceProps } from './postgres-surroundings'

export interface DelayedReplicaProps extends Omit<PostgresInstanceProps, 'settings'> {
  /** The instance it follows, in the same region. */
  readonly source: IDatabaseInstance
  /** How far it stays behind; RDS allows a day. */
  readonly applyDelayMinutes: number
}

/**
 * A replica that applies what it received only after a while: what somebody deleted by mistake is still there, and replay can
 * be paused before the mistake arrives. It fetches the log at once, so its delay keeps no log on the source, only on itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rpg-delayed-replication.html
 * @stateful
 */
export class DelayedReplica extends Construct {
  readonly instance: DatabaseInstanceReadReplica

  constructor(scope: Construct, id: string, props: DelayedReplicaProps) {
    super(scope, id)
    const surroundings = new PostgresSurroundings(this, 'Surroundings', {
      ...props,
      // In milliseconds. It is the one setting that a promotion to a primary would have to lose again.
      settings: { recovery_min_apply_delay: String(props.applyDelayMinutes * 60_000) },
    })
    const replica = new DatabaseInstanceReadReplica(this, 'Resource', {
      ...surroundings.instanceProps,
      sourceDatabaseInstance: props.source,
      multiAz: false,
      storageEncrypted: true,
    })
    // In its source's region a replica inherits encryption and key, and RDS refuses both as settings of its own.
    const resource = replica.node.defaultChild as CfnDBInstance
    resource.addPropertyDeletionOverride('StorageEncrypted')
    this.instance = replica
  }
}
