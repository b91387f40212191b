import { publishWhereKnown } from '../../adapters/aws/metrics'
import { healthWorld } from '../../adapters/aws/operations-world'
import { systemClock } from '../../adapters/local/clock'
import { serviceLevel } from '../../core/detection/service-level'
import { invocation } from '../invocation'
import * as form from './contract'

const { health, instances } = healthWorld(process.env)

export const handler = invocation(form, async () => {
  const [served, signals] = await Promise.all([health.served(), health.signals(instances.primary, instances.replica)])
  const level = serviceLevel(served.verdict, signals)
  const at = systemClock.now()
  publishWhereKnown('apiAvailability', level.availabilityPercent, at)
  publishWhereKnown('primaryUnreachable', level.primaryUnreachable, at)
  publishWhereKnown('replicaCutOff', level.replicaCutOff, at)
  return level
})
