import { xml, type Call, type Service } from './wire'

export interface FakeInstance {
  status: string
  source?: string
  readonly tags: Map<string, string>
  backupRetentionDays?: string
}

/** Instances by name. A promotion leaves the replica in `modifying` until the test lets it finish. */
export class FakeRds implements Service {
  readonly instances = new Map<string, FakeInstance>()

  action = ({ body }: Omit<Call, 'action'>) => `rds:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ action, body, region }: Call) {
    const query = new URLSearchParams(body)
    const name = query.get('DBInstanceIdentifier') ?? query.get('ResourceName')?.split(':').at(-1) ?? ''
    const instance = this.instances.get(name)
    if (!instance) return this.error('DBInstanceNotFound', 404)
    switch (action) {
      case 'rds:DescribeDBInstances':
        return xml(
          `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>${describe(name, region, instance)}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
        )
      case 'rds:AddTagsToResource':
        for (let i = 1; query.has(`Tags.Tag.${i}.Key`); i++) {
          instance.tags.set(query.get(`Tags.Tag.${i}.Key`)!, query.get(`Tags.Tag.${i}.Value`) ?? '')
        }
        return xml('<AddTagsToResourceResponse/>')
      case 'rds:PromoteReadReplica':
        if (!instance.source || instance.status !== 'available') return this.error('InvalidDBInstanceState')
        instance.status = 'modifying'
        instance.backupRetentionDays = query.get('BackupRetentionPeriod') ?? '1'
        return xml('<PromoteReadReplicaResponse><PromoteReadReplicaResult/></PromoteReadReplicaResponse>')
      default:
        return this.error('InvalidAction')
    }
  }

  finishPromotion(name: string): void {
    const instance = this.instances.get(name)!
    delete instance.source
    instance.status = 'available'
  }
}

const describe = (name: string, region: string, { status, source, tags }: FakeInstance): string =>
  `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DBInstanceStatus>${status}</DBInstanceStatus>` +
  `<DBInstanceArn>arn:aws:rds:${region}:111122223333:db:${name}</DBInstanceArn>` +
  `<Endpoint><Address>${name}.abc123.${region}.rds.amazonaws.com</Address><Port>5432</Port></Endpoint>` +
  (source ? `<ReadReplicaSourceDBInstanceIdentifier>${source}</ReadReplicaSourceDBInstanceIdentifier>` : '') +
  `<TagList>${[...tags].map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')}</TagList></DBInstance>`
