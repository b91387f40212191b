import { MemoryArchiveIntake, MemorySnapshotExports } from '../../../adapters/memory/archive-export'
import { describeArchiveIntake, describeSnapshotExports } from '../../contracts/archive-export'

describeSnapshotExports('memory', () => {
  const exports = new MemorySnapshotExports()
  return {
    exports,
    snapshot: (arn, takenAt) => void exports.snapshots.push({ arn, takenAt }),
    end: (id, status, warned) => exports.end(id, status, warned),
  }
})

describeArchiveIntake('memory', () => {
  const archive = new MemoryArchiveIntake()
  return { archive, stage: (key, text) => void archive.stagedObjects.push({ key, bytes: text.length, text }) }
})
