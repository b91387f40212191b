import { createHash } from 'node:crypto'
import {
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  StartBackupJobCommand,
  type BackupClient,
} from '@aws-sdk/client-backup'
import type { RDSClient } from '@aws-sdk/client-rds'
import * as z from 'zod/mini'
import { canonicalJson } from '../../core/evidence/canonical-json'
import type { Clock } from '../../core/ports/clock'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Forensics, Preservation } from '../../core/ports/forensics'
import { FORENSICS_PREFIX, FORENSICS_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { logFilesOf, readLogFile } from './rds-logs'
import { findInstance } from './rds-inventory'
import { describeHashed, storeHashed, type HashedObjects } from './s3-hashed-objects'
import { S3WriteOnceStore } from './s3-write-once-store'

export interface ForensicsSettings {
  readonly region: string
  /** Locked vault that the snapshot goes into, and how long it stays there: as long as the lock lets anybody ask for. */
  readonly vault: string
  readonly retentionDays: number
  /** Role by which AWS Backup reads the database. */
  readonly roleArn: string
  /** Locked bucket for data of patients, which logs may hold. */
  readonly bucket: HashedObjects
  readonly clock: Clock
}

/** Work of one call; what is left is done by the next one. */
const WORK_MS = 40_000
/** A snapshot that AWS Backup gives up is begun anew so often. */
const ATTEMPTS = 3

/** What was begun: nobody who asks again makes a second one, or takes logs that were written since. */
const begun = z.object({ job: z.string(), logs: z.array(z.string()) })
const manifestForm = z.object({
  copy: z.object({ arn: z.string(), vault: z.string(), bytes: z.number(), completedAt: z.string() }),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
})
type Manifest = z.infer<typeof manifestForm>

/**
 * Keeps a database as a snapshot in a locked vault, where a snapshot of RDS itself could be deleted, and the files of its log
 * in a locked bucket, before RDS lets go of them. A manifest names both, with the hash of each file.
 */
export class AwsForensics implements Forensics {
  private readonly store: S3WriteOnceStore

  constructor(
    private readonly clients: { readonly backup: BackupClient; readonly rds: RDSClient },
    private readonly settings: ForensicsSettings,
  ) {
    this.store = new S3WriteOnceStore(settings.bucket.client, settings.bucket.bucket)
  }

  async preserve(ref: InstanceRef, { key }: { readonly key: string }): Promise<Preservation> {
    const place = `${FORENSICS_PREFIX}/${key.replaceAll(/[^\w.-]/g, '_')}`
    const kept = await this.store.get(`${place}/${MANIFEST}`)
    if (kept !== undefined) return this.verified(place, kept)
    for (let attempt = 1; ; attempt++) {
      const { job, logs } = await this.begin(ref, { key, place, attempt })
      const files = await this.keepLogs(ref, place, logs)
      const copy = await this.copyOf(job)
      if (copy === 'failed' && attempt < ATTEMPTS) continue
      if (copy === 'failed')
        throw new PortError('conflict', 'FORENSIC_COPY_FAILED', `AWS Backup gave up the copy of '${ref.instance}'`)
      if (copy === 'under-way' || !files) return { kind: 'under-way' }
      const manifest = canonicalJson({ copy, files })
      await this.store.create(`${place}/${MANIFEST}`, manifest)
      return preserved(place, (await this.store.get(`${place}/${MANIFEST}`)) ?? manifest)
    }
  }

  private async begin(
    ref: InstanceRef,
    { key, place, attempt }: { readonly key: string; readonly place: string; readonly attempt: number },
  ): Promise<z.infer<typeof begun>> {
    const note = `${place}/begun-${attempt}.json`
    const standing = await this.store.get(note)
    if (standing !== undefined) return begun.parse(JSON.parse(standing))
    const found = await findInstance(this.clients.rds, this.settings.region, ref)
    if (!found?.DBInstanceArn)
      throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
    const { vault, roleArn, retentionDays } = this.settings
    const command = new StartBackupJobCommand({
      BackupVaultName: vault,
      ResourceArn: found.DBInstanceArn,
      IamRoleArn: roleArn,
      // The same job again for whoever crashed before he could note it.
      IdempotencyToken: createHash('sha256').update(`${key}/${attempt}`).digest('hex').slice(0, 32),
      Lifecycle: { DeleteAfterDays: retentionDays },
      RecoveryPointTags: { [FORENSICS_TAG]: key },
    })
    const { BackupJobId: job = '' } = await asking(`beginning the copy of '${ref.instance}'`, () =>
      this.clients.backup.send(command, within(CALL_MS)),
    )
    const logs = await logFilesOf(this.clients.rds, ref)
    await this.store.create(note, canonicalJson({ job, logs }))
    return begun.parse(JSON.parse((await this.store.get(note)) ?? canonicalJson({ job, logs })))
  }

  /** Undefined where time ran out: what is kept already is not read again. */
  private async keepLogs(
    ref: InstanceRef,
    place: string,
    logs: readonly string[],
  ): Promise<Manifest['files'] | undefined> {
    const { bucket, clock } = this.settings
    const began = clock.monotonicMs()
    const files: Manifest['files'] = []
    for (const name of logs) {
      const object = `${place}/logs/${name}`
      const held = await describeHashed(bucket, object)
      if (held) {
        files.push({ name, ...held })
        continue
      }
      if (clock.monotonicMs() - began > WORK_MS) return undefined
      const content = await readLogFile(this.clients.rds, ref, name)
      // RDS lets go of a file after some days; what was there when it began and is gone now is left out by name.
      if (content === undefined) continue
      const sha256 = createHash('sha256').update(content).digest('hex')
      await storeHashed(bucket, object, { content, sha256, contentType: 'text/plain' })
      files.push({ name, bytes: content.byteLength, sha256 })
    }
    return files
  }

  private async copyOf(job: string): Promise<Manifest['copy'] | 'under-way' | 'failed'> {
    const command = new DescribeBackupJobCommand({ BackupJobId: job })
    const { State, RecoveryPointArn, BackupSizeInBytes, CompletionDate } = await asking('looking at the copy', () =>
      this.clients.backup.send(command, within(CALL_MS)),
    )
    if (State === 'COMPLETED' && RecoveryPointArn && CompletionDate)
      return {
        arn: RecoveryPointArn,
        vault: this.settings.vault,
        bytes: BackupSizeInBytes ?? 0,
        completedAt: CompletionDate.toISOString(),
      }
    return State !== undefined && GIVEN_UP.has(State) ? 'failed' : 'under-way'
  }

  /** Looks whether everything that the manifest names is there as it was taken in. */
  private async verified(place: string, manifest: string): Promise<Preservation> {
    const { copy, files } = manifestForm.parse(JSON.parse(manifest))
    for (const { name, bytes, sha256 } of files) {
      const held = await describeHashed(this.settings.bucket, `${place}/logs/${name}`)
      if (held?.sha256 !== sha256 || held.bytes !== bytes) throw changed(place)
    }
    const command = new DescribeRecoveryPointCommand({ BackupVaultName: copy.vault, RecoveryPointArn: copy.arn })
    try {
      const { Status } = await asking('looking at the kept copy', () =>
        this.clients.backup.send(command, within(CALL_MS)),
      )
      if (Status !== 'COMPLETED') throw changed(place)
    } catch (error) {
      throw isException(error, 'ResourceNotFound') ? changed(place) : error
    }
    return preserved(place, manifest)
  }
}

const MANIFEST = 'manifest.json'
const GIVEN_UP: ReadonlySet<string> = new Set(['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'])

const changed = (place: string): PortError =>
  new PortError('conflict', 'FORENSIC_COPY_CHANGED', `the forensic copy '${place}' is not what was kept`)

function preserved(name: string, manifest: string): Preservation {
  const { copy, files } = manifestForm.parse(JSON.parse(manifest))
  return {
    kind: 'preserved',
    name,
    manifestSha256: createHash('sha256').update(manifest).digest('hex'),
    files: files.length + 1,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, copy.bytes),
  }
}
