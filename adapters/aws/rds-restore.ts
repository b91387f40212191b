import { RestoreDBInstanceToPointInTimeCommand, type DBInstance, type RDSClient } from '@aws-sdk/client-rds'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Restore, RestoreTarget, RestoreWindow } from '../../core/ports/restore'
import { RESTORE_TAG, WRITER_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { findInstance } from './rds-inventory'
import { restoreWindow } from './rds-restore-window'

/** Where a copy stands and who reaches it. */
export interface RestoreSettings {
  readonly region: string
  /** Whether a name is one of a test copy, which is removed again; any other one is to serve. */
  readonly isTestCopy: (instance: string) => boolean
  /** Of what may serve, and of test copies, which lets nobody in but functions of ours. */
  readonly securityGroups: { readonly databases: string; readonly testCopies: string }
  /** Of the transactions and markers that the database keeps. */
  readonly moments: Pick<Restore, 'momentOf'>
}

/** Restores RDS instances of one region to a moment, beside what exists: it holds no call that deletes, promotes or modifies. */
export class RdsRestore implements Restore {
  constructor(
    private readonly client: RDSClient,
    private readonly settings: RestoreSettings,
  ) {}

  async window(source: InstanceRef): Promise<RestoreWindow | undefined> {
    this.requireOwn(source)
    return restoreWindow(this.client, source.instance)
  }

  /**
   * In whole seconds, which is all that RDS restores to: what people approve, and what is listed as left behind, is the moment
   * that comes about.
   */
  async momentOf(source: InstanceRef, target: RestoreTarget): Promise<string | undefined> {
    this.requireOwn(source)
    const at = target.kind === 'time' ? target.at : await this.settings.moments.momentOf(source, target)
    return at === undefined ? undefined : wholeSecondBefore(at).toISOString()
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
    const { securityGroups } = this.settings
    const isTestCopy = this.settings.isTestCopy(copy.instance)
    const command = new RestoreDBInstanceToPointInTimeCommand({
      SourceDBInstanceIdentifier: source.instance,
      TargetDBInstanceIdentifier: copy.instance,
      RestoreTime: wholeSecondBefore(at),
      ...surroundingsOf(found),
      VpcSecurityGroupIds: [isTestCopy ? securityGroups.testCopies : securityGroups.databases],
      PubliclyAccessible: false,
      MultiAZ: false,
      // What removes a test copy has no right to change it first.
      DeletionProtection: !isTestCopy,
      EnableIAMDatabaseAuthentication: true,
      CopyTagsToSnapshot: true,
      Tags: [
        { Key: RESTORE_TAG, Value: key },
        // From its first minute on, so that a crash cannot leave a writer without backups.
        ...(isTestCopy ? [] : [{ Key: WRITER_TAG.key, Value: WRITER_TAG.value }]),
      ],
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
