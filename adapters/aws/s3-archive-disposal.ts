import {
  DeleteObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { ArchivedVersion, ArchiveDisposal, DataClass } from '../../core/ports/archive-disposal'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** The archive buckets of one region. It can see and destroy versions, and read the content of none. */
export class S3ArchiveDisposal implements ArchiveDisposal {
  constructor(
    private readonly client: S3Client,
    /** By data class. */
    private readonly buckets: ReadonlyMap<string, string>,
  ) {}

  async versions(dataClass: DataClass, key: string): Promise<readonly ArchivedVersion[]> {
    const found: ArchivedVersion[] = []
    const bucket = this.bucket(dataClass)
    let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
    while (next) {
      const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...next })
      const page = await asking(`listing the versions of '${key}'`, () => this.client.send(command, within(CALL_MS)))
      for (const { Key, VersionId, LastModified } of page.Versions ?? [])
        if (Key === key && VersionId !== undefined && LastModified)
          found.push({
            key,
            versionId: VersionId,
            archivedAt: LastModified.toISOString(),
            ...(await this.lock(bucket, key, VersionId)),
          })
      next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined
    }
    return found
  }

  async deleteVersion(
    dataClass: DataClass,
    { key, versionId }: Pick<ArchivedVersion, 'key' | 'versionId'>,
  ): Promise<void> {
    // Without BypassGovernanceRetention: what is locked stays.
    const command = new DeleteObjectCommand({ Bucket: this.bucket(dataClass), Key: key, VersionId: versionId })
    await asking(`destroying a version of '${key}'`, () => this.client.send(command, within(CALL_MS)))
  }

  private async lock(
    bucket: string,
    key: string,
    versionId: string,
  ): Promise<Pick<ArchivedVersion, 'lockedUntil' | 'legalHold'>> {
    const at = { Bucket: bucket, Key: key, VersionId: versionId }
    const retention = await unlessUnlocked(() => this.client.send(new GetObjectRetentionCommand(at), within(CALL_MS)))
    const hold = await unlessUnlocked(() => this.client.send(new GetObjectLegalHoldCommand(at), within(CALL_MS)))
    const until = retention?.Retention?.RetainUntilDate
    return { ...(until && { lockedUntil: until.toISOString() }), legalHold: hold?.LegalHold?.Status === 'ON' }
  }

  private bucket(dataClass: DataClass): string {
    const bucket = this.buckets.get(dataClass)
    if (bucket !== undefined) return bucket
    throw new PortError(
      'invalid',
      'CLASS_NOT_ARCHIVED',
      `nothing of class '${dataClass}' is archived; see archive.classes of the policy`,
    )
  }
}

/** S3 answers so for an object that nothing locks. */
async function unlessUnlocked<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asking('reading a lock', call)
  } catch (error) {
    if (isException(error, 'NoSuchObjectLockConfiguration')) return undefined
    throw error
  }
}
