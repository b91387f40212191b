import { guardShifts } from '../../adapters/aws/guard-world'
import { publish } from '../../adapters/aws/metrics'
import { keepGuards } from '../../adapters/aws/region-guard'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import { contract, input, output, WORKING_SECONDS } from './contract'

const shifts = guardShifts(process.env, WORKING_SECONDS)

export const handler = invocation({ contract, input, output }, async () => {
  const decided = await keepGuards(shifts, systemClock)
  publish('leaseRenewals', decided['renew'] ?? 0, systemClock.now())
  return decided
})
