import { logFiles, logPortion } from './rds-logs'
import { xml, type Answer, type Call, type Service } from './wire'

export interface FakeInstance {
  status: string
  source?: string
  readonly tags: Map<string, string>
  backupRetentionDays?: string
  /** Zone it serves from, then that of its standby. @default one that it has no standby in another */
  zones?: readonly string[]
  /** @default its storage is not told */
  allocatedGigabytes?: number
  /** Moments between which it can be restored. @default it keeps no backups */
  history?: { readonly earliest: string; readonly latest: string }
  /** What a restore asked for it with. */
  restoredBy?: URLSearchParams
  /** Security groups, and whether the last change of them has arrived at the network. @default none, and it has */
  groups?: { ids: readonly string[]; active: boolean }
  /** Its owner, and what happens where RDS sets that one's password. @default no owner is told of */
  owner?: { readonly name: string; setPassword(password: string): Promise<void> | void; pending?: string }
  publiclyAccessible?: boolean
  /** ARN of the key that its storage is encrypted with. @default it is not encrypted */
  keyArn?: string
  deletionProtection?: boolean
  /** Files of its log, by their names. */
  logs?: Map<string, string>
}

/** Instances by name. A promotion leaves the replica in `modifying`, a failover in `rebooting`, until the test lets it finish. */
export class FakeRds implements Service {
  readonly instances = new Map<string, FakeInstance>()
  readonly snapshots: {
    readonly arn: string
    readonly takenAt: string
    readonly type: string
    readonly status: string
  }[] = []
  /** Parameters by `group/name`, and what happens where one is set. */
  readonly parameters = new Map<string, string>()
  onParameter: (name: string, value: string) => Promise<unknown> | void = () => undefined
  /** Export tasks by their identifier; a new one is `STARTING`. */
  readonly exports = new Map<string, { status: string; warning?: string; readonly request: URLSearchParams }>()

  action = ({ body }: Omit<Call, 'action'>) => `rds:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  async answer({ action, body, region }: Call): Promise<Answer> {
    const query = new URLSearchParams(body)
    if (action === 'rds:DescribeDBSnapshots') return this.describeSnapshots(query)
    if (action === 'rds:DescribeExportTasks') return this.describeExport(query.get('ExportTaskIdentifier') ?? '')
    if (action === 'rds:StartExportTask') return this.startExport(query)
    if (action === 'rds:DescribeDBInstanceAutomatedBackups') return this.describeBackups(query)
    if (action === 'rds:RestoreDBInstanceToPointInTime') return this.restore(query)
    if (action === 'rds:ModifyDBParameterGroup') return this.setParameters(query)
    if (action === 'rds:DescribeDBInstances' && !query.has('DBInstanceIdentifier')) return this.list(query, region)
    const name = query.get('DBInstanceIdentifier') ?? query.get('ResourceName')?.split(':').at(-1) ?? ''
    const instance = this.instances.get(name)
    if (!instance) return this.error('DBInstanceNotFound', 404)
    switch (action) {
      case 'rds:DescribeDBInstances': {
        const answer = xml(
          `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>${describe(name, region, instance)}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
        )
        settle(instance)
        return answer
      }
      case 'rds:ModifyDBInstance':
        if (instance.status !== 'available') return this.error('InvalidDBInstanceState')
        modify(instance, query)
        return xml('<ModifyDBInstanceResponse><ModifyDBInstanceResult/></ModifyDBInstanceResponse>')
      case 'rds:DescribeDBLogFiles':
        return xml(logFiles(instance, query.get('Marker')))
      case 'rds:DownloadDBLogFilePortion': {
        const portion = logPortion(instance, query)
        return portion === undefined ? this.error('DBLogFileNotFoundFault', 404) : xml(portion)
      }
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
      case 'rds:DeleteDBInstance':
        if (instance.status !== 'available') return this.error('InvalidDBInstanceState')
        // "Can't be deleted when deletion protection is enabled" (API reference, DeleteDBInstance).
        if (instance.restoredBy?.get('DeletionProtection') === 'true') return this.error('InvalidParameterCombination')
        if (query.get('SkipFinalSnapshot') !== 'true' && !query.has('FinalDBSnapshotIdentifier'))
          return this.error('InvalidParameterCombination')
        instance.status = 'deleting'
        return xml('<DeleteDBInstanceResponse><DeleteDBInstanceResult/></DeleteDBInstanceResponse>')
      case 'rds:RebootDBInstance':
        if (instance.status !== 'available') return this.error('InvalidDBInstanceState')
        // RDS: "You can't specify `ForceFailover` for an instance that isn't configured for Multi-AZ" (API reference).
        if (query.get('ForceFailover') === 'true' && !instance.zones?.[1])
          return this.error('InvalidParameterCombination')
        instance.status = 'rebooting'
        return xml('<RebootDBInstanceResponse><RebootDBInstanceResult/></RebootDBInstanceResponse>')
      default:
        return this.error('InvalidAction')
    }
  }

  private async setParameters(query: URLSearchParams): Promise<Answer> {
    const group = query.get('DBParameterGroupName') ?? ''
    for (let i = 1; query.has(`Parameters.Parameter.${i}.ParameterName`); i++) {
      const [name, value] = ['Name', 'Value'].map((of) => query.get(`Parameters.Parameter.${i}.Parameter${of}`) ?? '')
      this.parameters.set(`${group}/${name}`, value!)
      await this.onParameter(name!, value!)
    }
    return xml('<ModifyDBParameterGroupResponse><ModifyDBParameterGroupResult/></ModifyDBParameterGroupResponse>')
  }

  /** One on each page, so that whoever stops after the first one is noticed. */
  private list(query: URLSearchParams, region: string) {
    const all = [...this.instances]
    const at = Number(query.get('Marker') ?? 0)
    const [found] = all.slice(at)
    const marker = at + 1 < all.length ? `<Marker>${at + 1}</Marker>` : ''
    return xml(
      `<DescribeDBInstancesResponse><DescribeDBInstancesResult>${marker}<DBInstances>${found ? describe(found[0], region, found[1]) : ''}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
    )
  }

  private describeBackups(query: URLSearchParams) {
    const history = this.instances.get(query.get('DBInstanceIdentifier') ?? '')?.history
    if (!history) return this.error('DBInstanceAutomatedBackupNotFound', 404)
    const { earliest, latest } = history
    return xml(
      `<DescribeDBInstanceAutomatedBackupsResponse><DescribeDBInstanceAutomatedBackupsResult><DBInstanceAutomatedBackups><DBInstanceAutomatedBackup><Status>active</Status><RestoreWindow><EarliestTime>${earliest}</EarliestTime><LatestTime>${latest}</LatestTime></RestoreWindow></DBInstanceAutomatedBackup></DBInstanceAutomatedBackups></DescribeDBInstanceAutomatedBackupsResult></DescribeDBInstanceAutomatedBackupsResponse>`,
    )
  }

  private restore(query: URLSearchParams) {
    const [source, target] = ['Source', 'Target'].map((of) => query.get(`${of}DBInstanceIdentifier`) ?? '')
    const history = this.instances.get(source!)?.history
    if (!this.instances.has(source!)) return this.error('DBInstanceNotFound', 404)
    if (this.instances.has(target!)) return this.error('DBInstanceAlreadyExists')
    if (!history) return this.error('PointInTimeRestoreNotEnabled')
    const at = Date.parse(query.get('RestoreTime') ?? '')
    if (!(at >= Date.parse(history.earliest) && at <= Date.parse(history.latest)))
      return this.error('InvalidParameterValue')
    const made: FakeInstance = { status: 'creating', tags: new Map(), restoredBy: query }
    for (let i = 1; query.has(`Tags.Tag.${i}.Key`); i++)
      made.tags.set(query.get(`Tags.Tag.${i}.Key`)!, query.get(`Tags.Tag.${i}.Value`) ?? '')
    this.instances.set(target!, made)
    return xml(
      '<RestoreDBInstanceToPointInTimeResponse><RestoreDBInstanceToPointInTimeResult/></RestoreDBInstanceToPointInTimeResponse>',
    )
  }

  private describeSnapshots(query: URLSearchParams) {
    const of = this.snapshots.filter(({ type }) => type === query.get('SnapshotType'))
    // One at a time, so that whoever asks has to page.
    const at = Number(query.get('Marker') ?? 0)
    const found = of[at]
    const one = found
      ? `<DBSnapshot><DBSnapshotArn>${found.arn}</DBSnapshotArn><SnapshotCreateTime>${found.takenAt}</SnapshotCreateTime><Status>${found.status}</Status></DBSnapshot>`
      : ''
    const marker = at + 1 < of.length ? `<Marker>${at + 1}</Marker>` : ''
    return xml(
      `<DescribeDBSnapshotsResponse><DescribeDBSnapshotsResult>${marker}<DBSnapshots>${one}</DBSnapshots></DescribeDBSnapshotsResult></DescribeDBSnapshotsResponse>`,
    )
  }

  private describeExport(id: string) {
    const task = this.exports.get(id)
    if (!task) return this.error('ExportTaskNotFound', 404)
    return xml(
      `<DescribeExportTasksResponse><DescribeExportTasksResult><ExportTasks><ExportTask><ExportTaskIdentifier>${id}</ExportTaskIdentifier><SourceArn>${task.request.get('SourceArn')}</SourceArn><Status>${task.status}</Status>${task.warning ? `<WarningMessage>${task.warning}</WarningMessage>` : ''}</ExportTask></ExportTasks></DescribeExportTasksResult></DescribeExportTasksResponse>`,
    )
  }

  private startExport(query: URLSearchParams) {
    const id = query.get('ExportTaskIdentifier') ?? ''
    if (this.exports.has(id)) return this.error('ExportTaskAlreadyExists')
    // Letters, digits and hyphens, 60 at most (API reference, StartExportTask, is silent on the length).
    if (!/^[a-z][a-z0-9-]{0,59}$/.test(id)) return this.error('InvalidParameterValue')
    this.exports.set(id, { status: 'STARTING', request: query })
    return xml(
      `<StartExportTaskResponse><StartExportTaskResult><Status>STARTING</Status></StartExportTaskResult></StartExportTaskResponse>`,
    )
  }

  /** Ends what was begun: a new instance becomes available, one that is being deleted is gone. */
  settle(): void {
    for (const [name, instance] of this.instances)
      if (instance.status === 'deleting') this.instances.delete(name)
      else if (instance.status === 'creating') instance.status = 'available'
  }

  finishFailover(name: string): void {
    const instance = this.instances.get(name)!
    instance.zones = instance.zones!.toReversed()
    instance.status = 'available'
  }

  finishPromotion(name: string): void {
    const instance = this.instances.get(name)!
    delete instance.source
    instance.status = 'available'
  }
}

/** What was asked for has arrived with the next look. */
function settle(instance: FakeInstance): void {
  if (instance.groups) instance.groups.active = true
}

const BACKGROUND_MS = 50

function modify(instance: FakeInstance, query: URLSearchParams): void {
  const ids: string[] = []
  for (let i = 1; query.has(`VpcSecurityGroupIds.VpcSecurityGroupId.${i}`); i++)
    ids.push(query.get(`VpcSecurityGroupIds.VpcSecurityGroupId.${i}`)!)
  if (ids.length > 0) instance.groups = { ids, active: false }
  const password = query.get('MasterUserPassword')
  const { owner } = instance
  // In the background, as RDS.
  if (password !== null && owner) {
    owner.pending = password
    setTimeout(() => void Promise.resolve(owner.setPassword(password)).then(() => delete owner.pending), BACKGROUND_MS)
  }
  if (query.has('PubliclyAccessible')) instance.publiclyAccessible = query.get('PubliclyAccessible') === 'true'
  if (query.has('DeletionProtection')) instance.deletionProtection = query.get('DeletionProtection') === 'true'
}

const described = ({ groups, owner, publiclyAccessible, deletionProtection, keyArn }: FakeInstance): string =>
  (groups
    ? `<VpcSecurityGroups>${groups.ids.map((id) => `<VpcSecurityGroupMembership><VpcSecurityGroupId>${id}</VpcSecurityGroupId><Status>${groups.active ? 'active' : 'adding'}</Status></VpcSecurityGroupMembership>`).join('')}</VpcSecurityGroups>`
    : '') +
  (owner ? `<MasterUsername>${owner.name}</MasterUsername>` : '') +
  `<PendingModifiedValues>${owner?.pending === undefined ? '' : '<MasterUserPassword>****</MasterUserPassword>'}</PendingModifiedValues>` +
  `<StorageEncrypted>${keyArn !== undefined}</StorageEncrypted>${keyArn === undefined ? '' : `<KmsKeyId>${keyArn}</KmsKeyId>`}` +
  `<PubliclyAccessible>${publiclyAccessible ?? false}</PubliclyAccessible><DeletionProtection>${deletionProtection ?? true}</DeletionProtection>`

const describe = (name: string, region: string, instance: FakeInstance): string =>
  describeWith(name, region, instance, described(instance))

const describeWith = (
  name: string,
  region: string,
  { status, source, tags, zones, allocatedGigabytes }: FakeInstance,
  more: string,
): string =>
  `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier><DBInstanceStatus>${status}</DBInstanceStatus>` +
  `<DBInstanceArn>arn:aws:rds:${region}:111122223333:db:${name}</DBInstanceArn>` +
  `<Endpoint><Address>${name}.abc123.${region}.rds.amazonaws.com</Address><Port>5432</Port></Endpoint>` +
  (allocatedGigabytes ? `<AllocatedStorage>${allocatedGigabytes}</AllocatedStorage>` : '') +
  (zones ? `<AvailabilityZone>${zones[0]}</AvailabilityZone>` : '') +
  `<MultiAZ>${zones?.[1] !== undefined}</MultiAZ>` +
  (source ? `<ReadReplicaSourceDBInstanceIdentifier>${source}</ReadReplicaSourceDBInstanceIdentifier>` : '') +
  `<DBParameterGroups><DBParameterGroup><DBParameterGroupName>settings-of-${name}</DBParameterGroupName></DBParameterGroup></DBParameterGroups>` +
  `<DBSubnetGroup><DBSubnetGroupName>isolated</DBSubnetGroupName></DBSubnetGroup>${more}` +
  `<TagList>${[...tags].map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')}</TagList></DBInstance>`
