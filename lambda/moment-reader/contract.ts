import { momentAnswer, momentRequest } from '../../adapters/aws/wire'
import { besideDatabases } from '../contract'

export const input = momentRequest
export const output = momentAnswer

/** Looks up when a transaction was committed, or a marker set, in a database of its region. */
export const contract = besideDatabases({
  name: 'moment-reader',
  timeoutSeconds: 30,
})
