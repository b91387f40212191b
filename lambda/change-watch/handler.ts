import { changeWatch } from '../../adapters/aws/change-watch'
import { invocation } from '../invocation'
import * as form from './contract'

const watch = changeWatch(process.env)

export const handler = invocation(form, watch)
