import { answerRelay } from '../../adapters/aws/coordination-relay'
import { coordinationStores } from '../../adapters/aws/coordination-stores'
import { invocation } from '../invocation'
import * as form from './contract'

const stores = coordinationStores(process.env)

export const handler = invocation(form, (request) => answerRelay(stores, request))
