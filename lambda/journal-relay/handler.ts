import { answerJournal } from '../../adapters/aws/coordination-relay'
import { recoveryStore } from '../../adapters/aws/coordination-stores'
import { invocation } from '../invocation'
import * as form from './contract'

const store = recoveryStore(process.env)

export const handler = invocation(form, (request) => answerJournal(store, request))
