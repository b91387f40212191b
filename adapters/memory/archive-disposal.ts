import type { ArchivedVersion, ArchiveDisposal, DataClass } from '../../core/ports/archive-disposal'
import type { Clock } from '../../core/ports/clock'
import { PortError } from '../../core/ports/errors'

/** An archive for tests; it locks as S3 does. */
export class MemoryArchive implements ArchiveDisposal {
  private held: { readonly dataClass: DataClass; readonly version: ArchivedVersion }[] = []

  constructor(private readonly clock: Clock) {}

  /** Puts a version into the archive. */
  add(dataClass: DataClass, version: ArchivedVersion): void {
    this.held.push({ dataClass, version })
  }

  async versions(dataClass: DataClass, key: string): Promise<readonly ArchivedVersion[]> {
    return this.held.filter((h) => h.dataClass === dataClass && h.version.key === key).map(({ version }) => version)
  }

  async deleteVersion(
    dataClass: DataClass,
    { key, versionId }: Pick<ArchivedVersion, 'key' | 'versionId'>,
  ): Promise<void> {
    const [found] = (await this.versions(dataClass, key)).filter((version) => version.versionId === versionId)
    if (!found) return
    const locked = found.lockedUntil !== undefined && new Date(found.lockedUntil) > this.clock.now()
    if (locked || found.legalHold) throw new PortError('denied', 'AccessDenied', `'${key}' is locked`)
    this.held = this.held.filter(({ version }) => version !== found)
  }
}
