import type { Policy } from '../policy'

export type DataClass = keyof Policy['dataClasses']

/** One version of an archived object. */
export interface ArchivedVersion {
  readonly key: string
  readonly versionId: string
  readonly archivedAt: string
  /** Until when the lock holds; undefined where nothing locks it. */
  readonly lockedUntil?: string
  /** A court or an authority wants it kept, whatever its age. */
  readonly legalHold: boolean
}

/** The archive of one region as whoever disposes sees it. The one privilege that can destroy what is archived. */
export interface ArchiveDisposal {
  /** Every version under the key, delete markers left out; none where the key holds nothing. */
  versions(dataClass: DataClass, key: string): Promise<readonly ArchivedVersion[]>
  /** Deletes one version for good; nothing happens where it is gone already. Throws PortError('denied') where it is locked. */
  deleteVersion(dataClass: DataClass, version: Pick<ArchivedVersion, 'key' | 'versionId'>): Promise<void>
}
