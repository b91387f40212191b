import { publish } from '../../adapters/aws/metrics'
import { escalationWorld } from '../../adapters/aws/operations-world'
import { escalate } from '../../core/escalation/escalate'
import { invocation } from '../invocation'
import * as form from './contract'

const world = escalationWorld(process.env)

export const handler = invocation(form, async () => {
  const escalated = await escalate(world)
  const now = world.clock.now()
  publish('openIncidentMinutes', escalated.oldestCriticalMinutes, now)
  publish('openViolations', escalated.openViolations, now)
  publish('placesAway', escalated.placesAway, now)
  return escalated
})
