import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import {
  LARGEST_READ_BYTES,
  ONE_COPY_MINUTES,
  type ArchiveIntake,
  type StagedObject,
} from '../../core/ports/archive-intake'
import type { DataClass } from '../../core/ports/archive-disposal'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { bucketOfClass, objectsBelow } from './s3-archive-objects'
import { isMissingObject } from './s3-missing-object'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const LARGEST_COPY_BYTES = 5 * 1024 ** 3
const COPY_MS = ONE_COPY_MINUTES * 60_000

/** The archive buckets of one region, and the bucket that exports are written to. */
export class S3ArchiveIntake implements ArchiveIntake {
  constructor(
    private readonly s3: S3Client,
    private readonly staging: string,
    /** By data class. */
    private readonly buckets: ReadonlyMap<string, string>,
    /**
     * S3 says nothing before a copy is done, and each repetition would be one more version under lock: a client that tries
     * once, and waits as long as a copy may take.
     */
    private readonly copying: S3Client,
  ) {}

  staged(prefix: string): AsyncIterable<StagedObject> {
    return objectsBelow(this.s3, this.staging, prefix)
  }

  async read({ key, bytes }: StagedObject): Promise<string> {
    if (bytes > LARGEST_READ_BYTES)
      throw new PortError(
        'invalid',
        'OBJECT_TOO_LARGE',
        `'${key}' has ${bytes} bytes, and nothing beyond ${LARGEST_READ_BYTES} is read; only lists of tables are`,
      )
    const command = new GetObjectCommand({ Bucket: this.staging, Key: key })
    return asking(`reading '${key}'`, async () => {
      const { Body } = await this.s3.send(command, within(CALL_MS))
      return (await Body?.transformToString('utf8')) ?? ''
    })
  }

  async holds(dataClass: DataClass, key: string): Promise<boolean> {
    const bucket = this.bucket(dataClass)
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key })
    try {
      await asking(`looking for '${key}'`, () => this.s3.send(command, within(CALL_MS)))
      return true
    } catch (error) {
      if (await isMissingObject(error, this.s3, bucket, key)) return false
      throw error
    }
  }

  async take(dataClass: DataClass, from: StagedObject, key: string): Promise<void> {
    if (from.bytes > LARGEST_COPY_BYTES)
      throw new PortError(
        'invalid',
        'OBJECT_TOO_LARGE',
        `'${from.key}' has ${from.bytes} bytes, and S3 copies ${LARGEST_COPY_BYTES} at once; split the export by table`,
      )
    const command = new CopyObjectCommand({
      Bucket: this.bucket(dataClass),
      Key: key,
      CopySource: `${this.staging}/${from.key.split('/').map(encodeURIComponent).join('/')}`,
      ChecksumAlgorithm: 'SHA256',
    })
    await asking(`copying '${from.key}'`, () => this.copying.send(command, within(COPY_MS)))
  }

  async write(dataClass: DataClass, key: string, text: string): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.bucket(dataClass),
      Key: key,
      Body: text,
      ContentType: 'application/json',
      IfNoneMatch: '*',
    })
    try {
      await asking(`writing '${key}'`, () => this.s3.send(command, within(CALL_MS)))
    } catch (error) {
      if (!isException(error, 'PreconditionFailed')) throw error
    }
  }

  /** Name of the bucket of a class. Throws PortError('invalid') for one that is not archived here. */
  bucket(dataClass: DataClass): string {
    return bucketOfClass(this.buckets, dataClass)
  }
}
