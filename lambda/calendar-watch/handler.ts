import { coordinationStores } from '../../adapters/aws/coordination-stores'
import { publish } from '../../adapters/aws/metrics'
import { ownWorld } from '../../adapters/aws/own-world'
import { systemClock } from '../../adapters/local/clock'
import { overdue } from '../../core/calendar/overdue'
import { tasks } from '../../core/calendar/task'
import { invocation } from '../invocation'
import * as form from './contract'

const { policy } = ownWorld(process.env)
const places = coordinationStores(process.env)

export const handler = invocation(form, async () => {
  const now = systemClock.now()
  const late = overdue(policy, await tasks(places, now), now)
  publish('overdueActivities', late.length, now)
  return { overdue: late.map(({ task }) => task) }
})
