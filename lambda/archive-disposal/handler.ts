import { archiveDisposal } from '../../adapters/aws/archive-disposal-world'
import { invocation } from '../invocation'
import * as form from './contract'

const dispose = archiveDisposal(process.env)

export const handler = invocation(form, ({ disposal }) => dispose(disposal))
