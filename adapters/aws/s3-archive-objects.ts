import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { DataClass } from '../../core/ports/archive-disposal'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** Name of the bucket of a class. Throws PortError('invalid') for one that is not archived here. */
export function bucketOfClass(buckets: ReadonlyMap<string, string>, dataClass: DataClass): string {
  const bucket = buckets.get(dataClass)
  if (bucket) return bucket
  throw new PortError('invalid', 'CLASS_NOT_ARCHIVED', `nothing of class '${dataClass}' is archived here`)
}

/** What a bucket holds below a prefix, in key order. */
export async function* objectsBelow(
  s3: S3Client,
  bucket: string,
  prefix: string,
): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
  let ContinuationToken: string | undefined
  do {
    const command: ListObjectsV2Command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ...(ContinuationToken && { ContinuationToken }),
    })
    const page = await asking(`listing '${prefix}'`, () => s3.send(command, within(CALL_MS)))
    for (const { Key, Size } of page.Contents ?? []) if (Key) yield { key: Key, bytes: Size ?? 0 }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken)
}
