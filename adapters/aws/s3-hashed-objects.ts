import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { within } from './client-settings'
import { asking, isException } from './failures'
import { isMissingObject } from './s3-missing-object'

/** Where objects lie that are written once under a hash, and how long one of them may take. */
export interface HashedObjects {
  readonly client: S3Client
  readonly bucket: string
  readonly deadlineMs: number
}

/** Writes an object under the hash that S3 checks, where nothing is under the key. */
export async function storeHashed(
  { client, bucket, deadlineMs }: HashedObjects,
  key: string,
  object: { readonly content: Uint8Array; readonly sha256: string; readonly contentType: string },
): Promise<'created' | 'exists'> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: object.content,
    ContentType: object.contentType,
    ChecksumSHA256: Buffer.from(object.sha256, 'hex').toString('base64'),
    IfNoneMatch: '*',
  })
  try {
    await asking(`writing '${key}'`, () => client.send(command, within(deadlineMs)))
    return 'created'
  } catch (error) {
    if (isException(error, 'PreconditionFailed')) return 'exists'
    throw error
  }
}

/** Size and hash of an object as S3 has taken it in, without reading it; undefined where there is none. */
export async function describeHashed(
  { client, bucket, deadlineMs }: HashedObjects,
  key: string,
): Promise<{ readonly bytes: number; readonly sha256: string } | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' })
  try {
    const { ContentLength = 0, ChecksumSHA256 = '' } = await asking(`looking at '${key}'`, () =>
      client.send(command, within(deadlineMs)),
    )
    return { bytes: ContentLength, sha256: Buffer.from(ChecksumSHA256, 'base64').toString('hex') }
  } catch (error) {
    if (await isMissingObject(error, client, bucket, key)) return undefined
    throw error
  }
}
