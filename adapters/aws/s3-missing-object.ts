import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/**
 * Whether the failure of a HEAD says that its object is missing. The answer to HEAD has no body, so that S3 says the same of a
 * bucket that is missing (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html): a list of the key tells them
 * apart, under the permission without which a missing object would have been refused. Throws where the bucket is missing.
 */
export async function isMissingObject(error: unknown, client: S3Client, bucket: string, key: string): Promise<boolean> {
  if (!isException(error, 'NotFound') && !isException(error, 'NoSuchKey')) return false
  const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 })
  await asking(`looking into '${bucket}'`, () => client.send(command, within(CALL_MS)))
  return true
}
