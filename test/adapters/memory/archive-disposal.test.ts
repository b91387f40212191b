import { MemoryArchive } from '../../../adapters/memory/archive-disposal'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describeArchiveDisposal } from '../../contracts/archive-disposal'

describeArchiveDisposal('memory', () => {
  const archive = new MemoryArchive(new VirtualClock())
  let made = 0
  return {
    archive,
    add: (key, kept) => {
      const version = {
        key,
        versionId: `v${++made}`,
        archivedAt: '2000-01-01T00:00:00.000Z',
        legalHold: false,
        ...kept,
      }
      archive.add('phi', version)
      return version
    },
  }
})
