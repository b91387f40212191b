import { Stack, type StackProps } from 'aws-cdk-lib'
import {
  CfnSecurityGroupEgress,
  CfnSecurityGroupIngress,
  SecurityGroup,
  type ISecurityGroup,
} from 'aws-cdk-lib/aws-ec2'
import { DatabaseInstance, DatabaseInstanceEngine, type IDatabaseInstance } from 'aws-cdk-lib/aws-rds'
import type { Construct } from 'constructs'

export interface ImportedDatabaseStackProps extends StackProps {
  readonly instanceIdentifier: string
  readonly endpointHost: string
  readonly port: number
  readonly resourceId: string
  readonly securityGroupId: string
  /** Functions that speak to it. */
  readonly clients: ISecurityGroup
}

/**
 * A writer that another template declares: known, backed up and followed by us, and reached by our functions. What protects it
 * by its own settings is out of our hands (`lostByImport` of the policy).
 */
export class ImportedDatabaseStack extends Stack {
  readonly instance: IDatabaseInstance

  constructor(scope: Construct, id: string, props: ImportedDatabaseStackProps) {
    super(scope, id, props)
    const { clients, port, securityGroupId } = props
    const way = { ipProtocol: 'tcp', fromPort: port, toPort: port, description: 'PostgreSQL over TLS' }
    new CfnSecurityGroupIngress(this, 'FromClients', {
      ...way,
      groupId: securityGroupId,
      sourceSecurityGroupId: clients.securityGroupId,
    })
    new CfnSecurityGroupEgress(this, 'ToDatabase', {
      ...way,
      groupId: clients.securityGroupId,
      destinationSecurityGroupId: securityGroupId,
    })
    this.instance = DatabaseInstance.fromDatabaseInstanceAttributes(this, 'Database', {
      instanceIdentifier: props.instanceIdentifier,
      instanceEndpointAddress: props.endpointHost,
      port,
      instanceResourceId: props.resourceId,
      securityGroups: [SecurityGroup.fromSecurityGroupId(this, 'Group', securityGroupId, { mutable: false })],
      engine: DatabaseInstanceEngine.POSTGRES,
    })
  }
}
