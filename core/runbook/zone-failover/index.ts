import type { Runbook } from '../model'
import { report } from '../steps/report'
import { serve } from '../steps/serve'
import { unseen } from '../steps/unseen'
import { validate } from '../steps/validate'
import { decide } from './decide'
import { failOver } from './fail-over'
import type { ZoneFailoverInput } from './input'
import { prove } from './prove'

/**
 * No epoch is claimed and no name moves: the standby is the same database, kept in step by every commit, and takes over its
 * lease, its logins and its erasures with it.
 */
export const zoneFailover: Runbook<ZoneFailoverInput> = {
  name: 'zone-failover',
  title: 'Fail over to the standby in another zone',
  purpose:
    'The instance or its zone is lost, and the region works. The synchronous standby becomes the instance under the same name, with every acknowledged write.',
  whenNotToUse: [
    'the whole region is lost or its control plane does not answer: use the region failover',
    'the data is wrong: the standby holds the same error, use point-in-time recovery',
    'the instance answers and is only slow: a failover ends every session and cures no slow query',
    'RDS is failing over by itself and comes to its end: wait for it, and only prove and validate',
  ],
  // Until it has taken over the standby answers nobody, and the instance may be dead: a plan must not wait for either.
  steps: [decide, failOver, unseen(prove), unseen(validate), serve, report],
}
