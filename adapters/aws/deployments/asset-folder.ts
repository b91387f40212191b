import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { Obstacle } from '../../../core/ports/deployments'
import { CALL_MS, within } from '../client-settings'
import { asking } from '../failures'
import { gone, type Of, type PlaceOf } from './kind'

interface Pointer {
  readonly folder: string
  readonly etag: string | undefined
}

/**
 * Static assets, each release in a folder of its own that never changes: an object names the folder which is served. Both
 * reach the other region by the replication of their bucket.
 */
export class AssetFolders implements PlaceOf<'assets'> {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
  ) {}

  async inForce(component: Of<'assets'>): Promise<string | undefined> {
    return (await this.pointer(component))?.folder
  }

  async obstacle(component: Of<'assets'>, to: string): Promise<Obstacle | undefined> {
    return /^[\w.-]{1,80}$/.test(to) && (await this.holds(to)) ? undefined : gone(component, to)
  }

  async put(component: Of<'assets'>, to: string): Promise<void> {
    const held = await this.pointer(component)
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: component.pointer,
      Body: to,
      ContentType: 'text/plain',
      // What was read is what is replaced, or nothing is.
      ...(held ? { IfMatch: held.etag } : { IfNoneMatch: '*' }),
    })
    await asking(`pointing to '${to}'`, () => this.client.send(command, within(CALL_MS)))
  }

  async serves(component: Of<'assets'>): Promise<boolean> {
    const folder = await this.inForce(component)
    return folder !== undefined && (await this.holds(folder))
  }

  private async holds(folder: string): Promise<boolean> {
    const command = new ListObjectsV2Command({ Bucket: this.bucket, Prefix: `${folder}/`, MaxKeys: 1 })
    const { Contents = [] } = await asking(`looking into '${folder}'`, () => this.client.send(command, within(CALL_MS)))
    return Contents.length > 0
  }

  private pointer({ pointer }: Of<'assets'>): Promise<Pointer | undefined> {
    return asking(`reading '${pointer}'`, async () => {
      try {
        const command = new GetObjectCommand({ Bucket: this.bucket, Key: pointer })
        const { Body, ETag } = await this.client.send(command, within(CALL_MS))
        return { folder: ((await Body?.transformToString('utf8')) ?? '').trim(), etag: ETag }
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined
        throw error
      }
    })
  }
}
