import { answerRelay } from '../../adapters/aws/coordination-relay'
import { readerStores } from '../../adapters/aws/reader-stores'
import { invocation } from '../invocation'
import * as form from './contract'

const stores = readerStores(process.env)

export const handler = invocation(form, (request) => answerRelay(stores, request))
