import { answerRelay } from '../../adapters/aws/coordination-relay'
import { readerStores } from '../../adapters/aws/reader-stores'
import { invocation } from '../invocation'
import { input } from './contract'

const stores = readerStores(process.env)

export const handler = invocation('coordination-reader', async (event) => answerRelay(stores, input.parse(event)))
