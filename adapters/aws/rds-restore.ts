import {
  DescribeDBInstanceAutomatedBackupsCommand,
  RestoreDBInstanceToPointInTimeCommand,
  type DBInstance,
  type DBInstanceAutomatedBackup,
  type RDSClient,
} from '@aws-sdk/client-rds'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Restore, RestoreTarget, RestoreWindow } from '../../core/ports/restore'
import { RESTORE_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { findInstance } from './rds-inventory'

/** Where a copy stands and who reaches it. */
export interface RestoreSettings {
  readonly region: string
  /** Lets nobody in but our functions. */
  readonly securityGroupId: string
}

/** Restores RDS instances of one region to a moment, beside what exists: it holds no call that deletes, promotes or modifies. */
export class RdsRestore implements Restore {
  constructor(
    private readonly client: RDSClient,
    private readonly settings: RestoreSettings,
  ) {}

  /** Backups outlive their instance, so that they are asked and not the instance. */
  async window(source: InstanceRef): Promise<RestoreWindow | undefined> {
    this.requireOwn(source)
    const command = new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: source.instance })
    const backups = await this.describing(source, command)
    const [newest] = backups
      .flatMap(({ RestoreWindow: between }) =>
        between?.EarliestTime && between.LatestTime
          ? [{ earliest: between.EarliestTime.toISOString(), latest: between.LatestTime.toISOString() }]
          : [],
      )
      .toSorted((a, b) => b.latest.localeCompare(a.latest))
    return newest
  }

  /**
   * RDS knows moments alone: it keeps no times of transactions and no markers. The one that it can restore to is given, since
   * people approve it, and what was written from it on is what they are told of as left behind.
   */
  async momentOf(source: InstanceRef, target: RestoreTarget): Promise<string | undefined> {
    this.requireOwn(source)
    return target.kind === 'time' ? wholeSecondBefore(target.at).toISOString() : undefined
  }

  async begin(
    source: InstanceRef,
    { key, at, copy }: { readonly key: string; readonly at: string; readonly copy: InstanceRef },
  ): Promise<void> {
    const existing = await findInstance(this.client, this.settings.region, copy)
    if (existing) return requireOwnCopy(existing, key, copy)
    const found = await findInstance(this.client, this.settings.region, source)
    if (!found)
      throw new PortError('invalid', 'INSTANCE_MISSING', `'${source.instance}' does not exist in ${source.region}`)
    const command = new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: source.instance,
      TargetDBInstanceIdentifier: copy.instance,
      RestoreTime: wholeSecondBefore(at),
      ...surroundingsOf(found),
      VpcSecurityGroupIds: [this.settings.securityGroupId],
      PubliclyAccessible: false,
      MultiAZ: false,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      CopyTagsToSnapshot: true,
      Tags: [{ Key: RESTORE_TAG, Value: key }],
    })
    try {
      await asking(`restoring '${source.instance}'`, () => this.client.send(command, within(CALL_MS)))
    } catch (error) {
      if (!isException(error, 'DBInstanceAlreadyExists')) throw error
      // The answer of a repeated attempt whose first one succeeded unheard, or somebody else took the name meanwhile.
      const made = await findInstance(this.client, this.settings.region, copy)
      if (!made) throw error
      requireOwnCopy(made, key, copy)
    }
  }

  private async describing(
    source: InstanceRef,
    command: DescribeDBInstanceAutomatedBackupsCommand,
  ): Promise<readonly DBInstanceAutomatedBackup[]> {
    try {
      const { DBInstanceAutomatedBackups } = await asking(`describing the backups of '${source.instance}'`, () =>
        this.client.send(command, within(CALL_MS)),
      )
      return DBInstanceAutomatedBackups ?? []
    } catch (error) {
      if (isException(error, 'DBInstanceAutomatedBackupNotFound')) return []
      throw error
    }
  }

  private requireOwn({ instance, region }: InstanceRef): void {
    if (region !== this.settings.region)
      throw new PortError(
        'invalid',
        'REGION_FOREIGN',
        `'${instance}' is in ${region}; this adapter serves ${this.settings.region}`,
      )
  }
}

/** RDS takes whole seconds; rounded down, nothing comes with it that the moment leaves out. */
const wholeSecondBefore = (at: string): Date => new Date(Math.floor(Date.parse(at) / 1000) * 1000)

/**
 * Not said, RDS gives a copy the default groups, whose settings are others.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
 */
function surroundingsOf({
  DBParameterGroups,
  DBSubnetGroup,
  DBInstanceClass,
  EnabledCloudwatchLogsExports,
}: DBInstance) {
  const parameterGroup = DBParameterGroups?.[0]?.DBParameterGroupName
  const subnetGroup = DBSubnetGroup?.DBSubnetGroupName
  if (!parameterGroup || !subnetGroup)
    throw new PortError('invalid', 'SOURCE_INCOMPLETE', 'RDS names no parameter group or no subnet group of the source')
  return {
    DBParameterGroupName: parameterGroup,
    DBSubnetGroupName: subnetGroup,
    ...(DBInstanceClass && { DBInstanceClass }),
    ...(EnabledCloudwatchLogsExports && { EnableCloudwatchLogsExports: EnabledCloudwatchLogsExports }),
  }
}

function requireOwnCopy({ TagList }: DBInstance, key: string, { instance }: InstanceRef): void {
  if (TagList?.some((tag) => tag.Key === RESTORE_TAG && tag.Value === key)) return
  throw new PortError('conflict', 'COPY_EXISTS', `'${instance}' exists, and this request did not make it`)
}
