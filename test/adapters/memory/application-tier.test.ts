import { MemoryApplicationTier } from '../../../adapters/memory/application-tier'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describeApplicationTier } from '../../contracts/application-tier'

describeApplicationTier('memory', { kind: 'invoke-function', name: 'api', function: 'bring-up' }, () => {
  const clock = new VirtualClock()
  const tier = new MemoryApplicationTier(clock, 30)
  return {
    tier,
    started: () => tier.broughtUp.map(({ name }) => name),
    settle: () => clock.sleep(30_000),
    ail: () => void (tier.sound = false),
  }
})
