import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { DataClass } from '../../core/ports/archive-disposal'
import type { ArchivedObject, ArchiveReading } from '../../core/ports/archive-reading'
import { isPortError, PortError } from '../../core/ports/errors'
import { within } from './client-settings'
import { asking, isException } from './failures'
import { bucketOfClass, objectsBelow } from './s3-archive-objects'

/** In memory at a time. */
const PART_BYTES = 64 * 1024 ** 2
/** Longest wait for one part, with its bytes. */
export const PART_MS = 120_000
/** A connection that breaks in the middle of a part is nothing that the SDK repeats by itself. */
const ATTEMPTS = 3

/** The archive buckets of one region as whoever reads them back sees them: by lists and by reads of parts. */
export class S3ArchiveReading implements ArchiveReading {
  constructor(
    private readonly s3: S3Client,
    /** By data class. */
    private readonly buckets: ReadonlyMap<string, string>,
    private readonly partBytes = PART_BYTES,
  ) {}

  objects(dataClass: DataClass, prefix: string): AsyncIterable<ArchivedObject> {
    return objectsBelow(this.s3, bucketOfClass(this.buckets, dataClass), prefix)
  }

  /**
   * In parts, each with an end to its wait: what reads can be slow for hours, and a connection that waits for it as long would
   * be closed. All are of one and the same object, whatever is written meanwhile.
   */
  async *read(dataClass: DataClass, key: string): AsyncIterable<Uint8Array> {
    const bucket = bucketOfClass(this.buckets, dataClass)
    let [at, whole, etag] = [0, Infinity, undefined as string | undefined]
    while (at < whole) {
      const part = await this.part(bucket, key, at, etag)
      if (!part) {
        if (at === 0) return
        throw new PortError('conflict', 'ARCHIVE_OBJECT_CHANGED', `'${key}' changed while it was read; read it again`)
      }
      yield part.bytes
      at += part.bytes.length
      ;({ whole, etag } = part)
    }
  }

  /** The bytes from there on; undefined where the object ends before. */
  private async part(
    bucket: string,
    key: string,
    at: number,
    etag: string | undefined,
    attempt = 1,
  ): Promise<Part | undefined> {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      Range: `bytes=${at}-${at + this.partBytes - 1}`,
      ...(etag !== undefined && { IfMatch: etag }),
    })
    try {
      return await asking(`reading '${key}'`, async () => {
        const { Body, ContentRange, ETag } = await this.s3.send(command, within(PART_MS))
        const bytes = await Body?.transformToByteArray()
        const whole = Number(/\/(\d+)$/.exec(ContentRange ?? '')?.[1])
        // What came without a length, or not to its end, must not be taken for all.
        if (!bytes || bytes.length !== Math.min(this.partBytes, whole - at)) throw cutOff(key)
        return { bytes, whole, ...(ETag !== undefined && { etag: ETag }) }
      })
    } catch (error) {
      if (isException(error, 'InvalidRange')) return undefined
      if (isException(error, 'NoSuchKey'))
        throw new PortError('invalid', 'ARCHIVE_OBJECT_MISSING', `the archive holds no '${key}'`, { cause: error })
      if (attempt < ATTEMPTS && isPortError(error) && error.failure === 'unreachable')
        return this.part(bucket, key, at, etag, attempt + 1)
      throw error
    }
  }
}

interface Part {
  readonly bytes: Uint8Array
  /** Length of the object. */
  readonly whole: number
  readonly etag?: string
}

const cutOff = (key: string): PortError =>
  new PortError('unreachable', 'ARCHIVE_READ_CUT_OFF', `'${key}' did not come to its end; read it again`)
