import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { CodeCopies, HeldBundle } from '../../core/ports/code-copies'
import { within } from './client-settings'
import { asking, isException } from './failures'
import { isMissingObject } from './s3-missing-object'
import { S3WriteOnceStore } from './s3-write-once-store'

/** A repository's whole history may take a while on a slow line. */
const BUNDLE_MS = 300_000

/** Signed copies of the repository in the locked bucket of one region. S3 checks each bundle's hash when it takes it in. */
export class S3CodeCopies implements CodeCopies {
  readonly manifests: S3WriteOnceStore

  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {
    this.manifests = new S3WriteOnceStore(client, bucket)
  }

  async storeBundle(key: string, content: Uint8Array, sha256: string): Promise<'created' | 'exists'> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: key,
      Body: content,
      ContentType: 'application/x-git-bundle',
      ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      IfNoneMatch: '*',
    })
    try {
      await asking(`writing '${key}'`, () => this.client.send(command, within(BUNDLE_MS)))
      return 'created'
    } catch (error) {
      if (isException(error, 'PreconditionFailed')) return 'exists'
      throw error
    }
  }

  async describeBundle(key: string): Promise<HeldBundle | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.bucket, Key: key, ChecksumMode: 'ENABLED' })
    try {
      const { ContentLength = 0, ChecksumSHA256 = '' } = await asking(`looking at '${key}'`, () =>
        this.client.send(command, within(BUNDLE_MS)),
      )
      return { bytes: ContentLength, sha256: Buffer.from(ChecksumSHA256, 'base64').toString('hex') }
    } catch (error) {
      if (await isMissingObject(error, this.client, this.bucket, key)) return undefined
      throw error
    }
  }

  async readBundle(key: string): Promise<Uint8Array | undefined> {
    return asking(`reading '${key}'`, async () => {
      try {
        const command = new GetObjectCommand({ Bucket: this.bucket, Key: key })
        const { Body } = await this.client.send(command, within(BUNDLE_MS))
        return await Body?.transformToByteArray()
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        throw error
      }
    })
  }
}
