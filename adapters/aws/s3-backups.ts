import { Readable } from 'node:stream'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { BackupStore } from '../../core/ports/backup-store'
import { PortError } from '../../core/ports/errors'
import { UserError } from '../../core/user-error'
import { CALL_MS, clientSettings, refuseForeignEndpointsOfPerson, within } from './client-settings'
import type { AwsEnvironment } from './environment'
import { asking, isException } from './failures'

/** Ten thousand parts at most (S3 quotas): 640 GB of sealed dump. */
const PART_BYTES = 64 * 1024 ** 2
/** Parts in memory at a time: one is sent while the next is filled. */
const PARTS_AT_ONCE = 2

export interface S3BackupSettings {
  readonly bucket: string
  /** Ends with a slash, or is empty. */
  readonly prefix: string
  /** Bytes of a part, for a test. */
  readonly partBytes?: number
}

/** Backups below a prefix of a bucket. What arrives there is sealed already; how S3 encrypts it once more is the bucket's choice. */
export class S3Backups implements BackupStore {
  constructor(
    private readonly s3: S3Client,
    private readonly settings: S3BackupSettings,
  ) {}

  async keep(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const upload = new Upload({
      client: this.s3,
      params: {
        Bucket: this.settings.bucket,
        Key: this.keyOf(name),
        Body: Readable.from(bytes),
        ContentType: 'application/octet-stream',
        // Of each part; a bucket with Object Lock takes none without.
        ChecksumAlgorithm: 'SHA256',
        // Asked when the last part is there: nothing is written over.
        IfNoneMatch: '*',
      },
      partSize: this.settings.partBytes ?? PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      // Parts of what was not finished are taken away again.
      leavePartsOnError: false,
    })
    await asking(`keeping '${name}'`, () => upload.done())
  }

  async replace(name: string, text: string): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.settings.bucket,
      Key: this.keyOf(name),
      Body: text,
      ContentType: 'application/json',
      ChecksumAlgorithm: 'SHA256',
    })
    await asking(`replacing '${name}'`, () => this.s3.send(command, within(CALL_MS)))
  }

  async *read(name: string): AsyncIterable<Uint8Array> {
    const command = new GetObjectCommand({ Bucket: this.settings.bucket, Key: this.keyOf(name) })
    try {
      // Without a deadline for the whole: how long a stream takes is for its size to say, and the client ends one that stalls.
      const { Body } = await asking(`reading '${name}'`, () => this.s3.send(command))
      const stream = Body as AsyncIterable<Uint8Array> | undefined
      if (stream) yield* stream
    } catch (error) {
      if (isException(error, 'NoSuchKey'))
        throw new PortError('invalid', 'BACKUP_FILE_MISSING', `there is no '${name}'`, { cause: error })
      throw await asPortError(name, error)
    }
  }

  async *names(prefix: string): AsyncIterable<string> {
    let ContinuationToken: string | undefined
    do {
      const command: ListObjectsV2Command = new ListObjectsV2Command({
        Bucket: this.settings.bucket,
        Prefix: this.keyOf(prefix),
        ...(ContinuationToken && { ContinuationToken }),
      })
      const page = await asking('listing backups', () => this.s3.send(command, within(CALL_MS)))
      for (const { Key } of page.Contents ?? []) if (Key) yield Key.slice(this.settings.prefix.length)
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken)
  }

  private keyOf = (name: string): string => this.settings.prefix + name
}

/** What a stream ends with in the middle has not gone through the SDK's own answers. */
const asPortError = (name: string, error: unknown): Promise<unknown> =>
  asking(`reading '${name}'`, () => Promise.reject(error)).catch((thrown: unknown) => thrown)

/** With a person's credentials, in the region that they are for. */
export function s3BackupsIn(environment: AwsEnvironment, settings: S3BackupSettings, partMs: number): S3Backups {
  refuseForeignEndpointsOfPerson(environment)
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION']
  if (!region)
    throw new UserError('REGION_MISSING', 'nobody says in which region the bucket is', 'set AWS_REGION to its region')
  return new S3Backups(new S3Client(clientSettings(region, { answerMs: partMs })), settings)
}
