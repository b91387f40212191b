import { MemoryRecoveryPoints } from '../../../adapters/memory/recovery-points'
import { describeRecoveryPoints } from '../../contracts/recovery-points'

describeRecoveryPoints('memory', async () => {
  const points = new MemoryRecoveryPoints('sa-east-1', 3)
  return {
    points,
    morePoints: 8,
    vault: async (kind, vault) => void points.vaults.set(kind, vault),
    keep: async (kind, kept) => void points.kept.set(kind, [...kept]),
    holder: async (holder) => void points.databases.push(holder),
  }
})
