import { publish, publishWhereKnown } from '../../adapters/aws/metrics'
import { healthWorld } from '../../adapters/aws/operations-world'
import { systemClock } from '../../adapters/local/clock'
import { percents, serviceLevel } from '../../core/detection/service-level'
import { invocation } from '../invocation'
import * as form from './contract'

const { health, instances } = healthWorld(process.env)

export const handler = invocation(form, async () => {
  const [served, signals] = await Promise.all([health.served(), health.signals(instances.primary, instances.replica)])
  const level = serviceLevel(served, signals)
  const at = systemClock.now()
  if (level.attempts) publish('apiAvailability', percents(level.attempts), at)
  publishWhereKnown('primaryUnreachable', level.primaryUnreachable, at)
  publishWhereKnown('replicaCutOff', level.replicaCutOff, at)
  return level
})
