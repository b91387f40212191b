import { fenceOutcome, fenceRequest } from '../../adapters/aws/wire'
import { OWN_DATABASE, withPolicy } from '../contract'

export const input = fenceRequest
export const output = fenceOutcome

/** Closes the database of its own region, and proves it through each login role. */
export const contract = withPolicy({
  name: 'fence',
  places: ['primary'],
  network: 'isolated',
  timeoutSeconds: 60,
  environment: OWN_DATABASE,
  permissions: [
    {
      actions: ['rds-db:connect'],
      on: 'own-database-user:every-role',
      reason: 'a fence is proven by a refused login through each role, whichever roles the database holds',
    },
  ],
})
