import {
  DescribeDBSnapshotsCommand,
  DescribeExportTasksCommand,
  StartExportTaskCommand,
  type DBSnapshot,
  type RDSClient,
} from '@aws-sdk/client-rds'
import type { ExportTask, SnapshotExports } from '../../core/ports/snapshot-exports'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

export interface ExportTarget {
  readonly instance: string
  /** Name of the database inside the instance. */
  readonly database: string
  readonly bucket: string
  readonly roleArn: string
  readonly keyArn: string
}

/** What AWS takes by itself, and what AWS Backup takes; snapshots of people are not ours to archive. */
const KINDS = ['automated', 'awsbackup'] as const

/** Exports of snapshots by RDS, as Parquet. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html */
export class RdsSnapshotExports implements SnapshotExports {
  constructor(
    private readonly rds: RDSClient,
    private readonly target: ExportTarget,
  ) {}

  async newestSnapshot(): Promise<{ arn: string; takenAt: string } | undefined> {
    let newest: { arn: string; takenAt: string } | undefined
    for (const SnapshotType of KINDS)
      for await (const { DBSnapshotArn: arn, SnapshotCreateTime, Status } of this.snapshots(SnapshotType)) {
        if (!arn || !SnapshotCreateTime || Status !== 'available') continue
        const takenAt = SnapshotCreateTime.toISOString()
        if (!newest || takenAt > newest.takenAt) newest = { arn, takenAt }
      }
    return newest
  }

  private async *snapshots(SnapshotType: string): AsyncIterable<DBSnapshot> {
    let Marker: string | undefined
    do {
      const command: DescribeDBSnapshotsCommand = new DescribeDBSnapshotsCommand({
        DBInstanceIdentifier: this.target.instance,
        SnapshotType,
        ...(Marker && { Marker }),
      })
      const page = await asking('rds:DescribeDBSnapshots', () => this.rds.send(command, within(CALL_MS)))
      yield* page.DBSnapshots ?? []
      Marker = page.Marker
    } while (Marker)
  }

  async task(id: string): Promise<ExportTask | undefined> {
    try {
      const command = new DescribeExportTasksCommand({ ExportTaskIdentifier: id })
      const { ExportTasks } = await asking('rds:DescribeExportTasks', () => this.rds.send(command, within(CALL_MS)))
      const [found] = ExportTasks ?? []
      return (
        found && {
          id,
          status: statusOf(found.Status),
          warned: Boolean(found.WarningMessage),
          snapshot: found.SourceArn ?? 'unknown',
          ...(found.TaskEndTime && { endedAt: found.TaskEndTime.toISOString() }),
        }
      )
    } catch (error) {
      if (isException(error, 'ExportTaskNotFound')) return undefined
      throw error
    }
  }

  async start({ id, snapshot, tables }: { id: string; snapshot: string; tables: readonly string[] }): Promise<void> {
    const { database, bucket, roleArn, keyArn } = this.target
    const command = new StartExportTaskCommand({
      ExportTaskIdentifier: id,
      SourceArn: snapshot,
      S3BucketName: bucket,
      IamRoleArn: roleArn,
      KmsKeyId: keyArn,
      ExportOnly: tables.map((table) => `${database}.${table}`),
    })
    try {
      await asking('rds:StartExportTask', () => this.rds.send(command, within(CALL_MS)))
    } catch (error) {
      if (!isException(error, 'ExportTaskAlreadyExists')) throw error
    }
  }
}

/** Words of the API: STARTING, IN_PROGRESS, COMPLETE, CANCELING, CANCELED, FAILED. */
const statusOf = (status: string | undefined): ExportTask['status'] => {
  if (status === 'COMPLETE') return 'complete'
  return status === 'FAILED' || status === 'CANCELED' ? 'failed' : 'running'
}
