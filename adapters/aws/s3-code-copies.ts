import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { CodeCopies, HeldBundle } from '../../core/ports/code-copies'
import { within } from './client-settings'
import { asking } from './failures'
import { describeHashed, storeHashed, type HashedObjects } from './s3-hashed-objects'
import { S3WriteOnceStore } from './s3-write-once-store'

/** A repository's whole history may take a while on a slow line. */
const BUNDLE_MS = 300_000

/** Signed copies of the repository in the locked bucket of one region. S3 checks each bundle's hash when it takes it in. */
export class S3CodeCopies implements CodeCopies {
  readonly manifests: S3WriteOnceStore
  private readonly bundles: HashedObjects

  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {
    this.manifests = new S3WriteOnceStore(client, bucket)
    this.bundles = { client, bucket, deadlineMs: BUNDLE_MS }
  }

  storeBundle(key: string, content: Uint8Array, sha256: string): Promise<'created' | 'exists'> {
    return storeHashed(this.bundles, key, { content, sha256, contentType: 'application/x-git-bundle' })
  }

  describeBundle(key: string): Promise<HeldBundle | undefined> {
    return describeHashed(this.bundles, key)
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
