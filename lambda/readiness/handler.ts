import { readiness } from '../../adapters/aws/readiness'
import { invocation } from '../invocation'
import * as form from './contract'

const prepare = readiness(process.env)

export const handler = invocation(form, prepare)
