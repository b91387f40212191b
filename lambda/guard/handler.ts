import { guardShift } from '../../adapters/aws/guard-world'
import { publish } from '../../adapters/aws/metrics'
import { keepGuard } from '../../adapters/aws/region-guard'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import { contract, input, output, WORKING_SECONDS } from './contract'

const shift = guardShift(process.env, WORKING_SECONDS)

export const handler = invocation({ contract, input, output }, async () => {
  const decided = await keepGuard(shift, systemClock)
  publish('leaseRenewals', decided['renew'] ?? 0, systemClock.now())
  return decided
})
