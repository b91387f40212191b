import { DatabaseInstance, DatabaseInstanceReadReplica, type CfnDBInstance } from 'aws-cdk-lib/aws-rds'
import { Construct } from 'constructs'
import { declareWriter, letGo, type WriterProperties } from './adopted-instance'
import { PostgresSurroundings, type PostgresInstanceProps } from './postgres-surroundings'

export interface CrossRegionReplicaProps extends PostgresInstanceProps {
  /** ARN of the instance it follows, by its chosen name: nothing is read from the other region. */
  readonly sourceArn: string
  readonly sourceRegion: string
  readonly multiAz: boolean
  /** Set once it was promoted and its stack is to declare what it is. @default a replica */
  readonly adoption?: { readonly state: 'released' | 'imported' | 'adopted'; readonly writer: WriterProperties }
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
    if (!props.adoption) resource.addPropertyDeletionOverride('StorageEncrypted')
    if (props.adoption) declareWriter(resource, props.adoption.writer)
    if (props.adoption?.state === 'released') letGo(resource)
    this.instance = replica
  }
}
