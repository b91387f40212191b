import { MemoryArchive } from '../../../adapters/memory/archive-disposal'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describeArchiveDisposal } from '../../contracts/archive-disposal'

describeArchiveDisposal('memory', () => {
  const archive = new MemoryArchive(new VirtualClock())
  return { archive, add: (version) => archive.add('phi', version) }
})
