import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { COORDINATION_TABLE_KEYS } from '../../lambda/contract'

export interface CoordinationTableProps {
  readonly tableName: string
  readonly key: IKey
}

/**
 * One region's store of writer epoch, approvals, incidents, run journal and erasure ledger. Not a global table: its
 * replication is last-writer-wins, and a lock must be won by exactly one writer.
 * @stateful
 */
export class CoordinationTable extends Construct {
  readonly table: TableV2

  constructor(scope: Construct, id: string, props: CoordinationTableProps) {
    super(scope, id)
    this.table = new TableV2(this, 'Resource', {
      tableName: props.tableName,
      partitionKey: { name: COORDINATION_TABLE_KEYS.partition, type: AttributeType.STRING },
      sortKey: { name: COORDINATION_TABLE_KEYS.sort, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(props.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }
}
