import { momentAnswer, momentRequest } from '../../adapters/aws/wire'
import { OWN_DATABASES, withPolicy } from '../contract'

export const input = momentRequest
export const output = momentAnswer

/** Looks up when a transaction was committed, or a marker set, in a database of its region. */
export const contract = withPolicy({
  name: 'moment-reader',
  places: ['primary', 'recovery'],
  network: 'isolated',
  timeoutSeconds: 30,
  environment: OWN_DATABASES,
  permissions: [{ actions: ['rds-db:connect'], on: 'own-database-user:fence-role' }],
})
