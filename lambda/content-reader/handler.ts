import { contentBeside } from '../../adapters/aws/content-beside'
import { invocation } from '../invocation'
import * as form from './contract'

const read = contentBeside(process.env)

export const handler = invocation(form, read)
