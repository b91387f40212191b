import { codeCheck } from '../../adapters/aws/code-check'
import { invocation } from '../invocation'
import * as form from './contract'

const check = codeCheck(process.env)

export const handler = invocation(form, check)
