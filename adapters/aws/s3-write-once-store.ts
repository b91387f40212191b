import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { WriteOnceStore } from '../../core/ports/write-once-store'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** The evidence bucket. Written only where nothing is: the conditional create is S3's own, Object Lock keeps it. */
export class S3WriteOnceStore implements WriteOnceStore {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {}

  async create(key: string, text: string): Promise<'created' | 'exists'> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: text,
      ContentType: 'application/json',
      IfNoneMatch: '*',
    })
    try {
      await asking(`writing '${key}'`, () => this.client.send(command, within(CALL_MS)))
      return 'created'
    } catch (error) {
      if (isException(error, 'PreconditionFailed')) return 'exists'
      throw error
    }
  }

  async get(key: string): Promise<string | undefined> {
    return readObject(this.client, this.bucket, key)
  }

  async *keys(prefix: string): AsyncIterable<string> {
    let token: string | undefined
    do {
      const command = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: token })
      const page = await asking(`listing '${prefix}'`, () => this.client.send(command, within(CALL_MS)))
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key
      token = page.NextContinuationToken
    } while (token !== undefined)
  }
}

/** The object's text; undefined where nothing is. The body counts towards the call's deadline. */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<string | undefined> {
  return asking(`reading '${key}'`, async () => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), within(CALL_MS))
      return await Body?.transformToString('utf8')
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined
      throw error
    }
  })
}
