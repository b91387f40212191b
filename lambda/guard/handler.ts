import { guardedDatabases } from '../../adapters/aws/guard-world'
import { publish } from '../../adapters/aws/metrics'
import { keepGuards } from '../../adapters/aws/region-guard'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import { contract, input, output, WORKING_SECONDS } from './contract'

const { declared, restored } = guardedDatabases(process.env, WORKING_SECONDS)

export const handler = invocation({ contract, input, output }, async () => {
  const decided = await keepGuards(declared, systemClock, restored)
  publish('leaseRenewals', decided['renew'] ?? 0, systemClock.now())
  return decided
})
