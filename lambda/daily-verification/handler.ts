import { dailyVerification } from '../../adapters/aws/daily-verification'
import { invocation } from '../invocation'
import * as form from './contract'

const verify = dailyVerification(process.env)

export const handler = invocation(form, verify)
