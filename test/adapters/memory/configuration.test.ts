import { MemoryConfiguration } from '../../../adapters/memory/configuration'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describeConfiguration } from '../../contracts/configuration'

describeConfiguration('memory', () => {
  const configuration = new MemoryConfiguration(new VirtualClock())
  return {
    configuration,
    rotate: async (secret, versionId) => void configuration.secretVersions.set(secret, versionId),
  }
})
