import { Readable } from 'node:stream'
import { Upload } from '@aws-sdk/lib-storage'
import type { S3Client } from '@aws-sdk/client-s3'
import type { DataClass } from '../../core/ports/archive-disposal'
import type { DumpArchive } from '../../core/ports/logical-dump'
import { asking } from './failures'
import type { S3ArchiveIntake } from './s3-archive-intake'

/** Ten thousand parts at most (S3 quotas): 640 GB of compressed dump for each class. */
const PART_BYTES = 64 * 1024 ** 2
/** Parts in memory at a time: one is sent while the next is filled. */
const PARTS_AT_ONCE = 2

/** The archive buckets of one region, into which streams go in parts; nothing is there before the last one. */
export class S3DumpArchive implements DumpArchive {
  constructor(
    private readonly s3: S3Client,
    private readonly intake: S3ArchiveIntake,
    private readonly keyArn: string,
    private readonly partBytes = PART_BYTES,
  ) {}

  holds(dataClass: DataClass, key: string): Promise<boolean> {
    return this.intake.holds(dataClass, key)
  }

  write(dataClass: DataClass, key: string, text: string): Promise<void> {
    return this.intake.write(dataClass, key, text)
  }

  async keep(dataClass: DataClass, key: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const upload = new Upload({
      client: this.s3,
      params: {
        Bucket: this.intake.bucket(dataClass),
        Key: key,
        Body: Readable.from(bytes),
        ContentType: 'application/octet-stream',
        // Named, so that no default of the bucket decides. A copy in the other region is under that region's own key.
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: this.keyArn,
        // Of each part; a bucket with Object Lock takes none without.
        ChecksumAlgorithm: 'SHA256',
      },
      partSize: this.partBytes,
      queueSize: PARTS_AT_ONCE,
      // Parts of what was not finished are taken away again.
      leavePartsOnError: false,
    })
    await asking(`keeping '${key}'`, () => upload.done())
  }
}
