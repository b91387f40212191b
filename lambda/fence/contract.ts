import { fenceOutcome, fenceRequest } from '../../adapters/aws/wire'
import { OWN_DATABASES, RESTORED_DATABASES, withPolicy } from '../contract'

export const input = fenceRequest
export const output = fenceOutcome

/** Closes a database of its own region, and proves it through each login role. */
export const contract = withPolicy({
  name: 'fence',
  places: ['primary', 'recovery'],
  network: 'isolated',
  timeoutSeconds: 60,
  environment: OWN_DATABASES,
  permissions: [
    {
      actions: ['rds-db:connect'],
      on: 'own-database-user:every-role',
      reason: 'a fence is proven by a refused login through each role, whichever roles the database holds',
    },
    // Without the other roles: what is not declared is closed, and the end of its lease is the proof.
    ...RESTORED_DATABASES,
  ],
})
