import { guardShift } from '../../adapters/aws/guard-world'
import { keepGuard } from '../../adapters/aws/region-guard'
import { systemClock } from '../../adapters/local/clock'
import { invocation } from '../invocation'
import { contract, input, output, WORKING_SECONDS } from './contract'

const shift = guardShift(process.env, WORKING_SECONDS)

export const handler = invocation({ contract, input, output }, () => keepGuard(shift, systemClock))
