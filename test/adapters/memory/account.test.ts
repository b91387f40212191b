import { MemoryAccount } from '../../../adapters/memory/account'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describeCompliance } from '../../contracts/compliance'

describeCompliance('memory', () => {
  const clock = new VirtualClock()
  const account = new MemoryAccount(clock)
  return {
    compliance: account,
    remedies: account,
    holds: (things) => {
      for (const thing of things) account.put(thing)
    },
    pass: () => clock.sleep(60_000),
  }
})
