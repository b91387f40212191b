import { intakeWorld } from '../../adapters/aws/operations-world'
import { takeAlarm } from '../../core/detection/intake'
import { invocation } from '../invocation'
import * as form from './contract'

const world = intakeWorld(process.env)

export const handler = invocation(form, async ({ time, region, detail }) => {
  const taken = await takeAlarm(world, { alarmName: detail.alarmName, region, at: new Date(time) })
  if (taken.outcome !== 'incident') return taken
  return { outcome: taken.outcome, incident: taken.incident.id, answer: taken.answer.kind }
})
