import type * as z from 'zod/mini'
import { intakeWorld } from '../../adapters/aws/operations-world'
import { takeAlarm, takeCall, takeFinding, type Intake } from '../../core/detection/intake'
import { invocation } from '../invocation'
import * as form from './contract'
import type { input } from './contract'

const world = intakeWorld(process.env)

export const handler = invocation(form, async (event) => {
  const taken = await take(event)
  if (taken.outcome !== 'incident') return taken
  return { outcome: taken.outcome, incident: taken.incident.id, answer: taken.answer.kind }
})

function take(event: z.output<typeof input>): Promise<Intake> {
  const moment = { region: event.region, at: new Date(event.time) }
  switch (event['detail-type']) {
    case 'CloudWatch Alarm State Change':
      return takeAlarm(world, { ...moment, alarmName: event.detail.alarmName })
    case 'AWS API Call via CloudTrail': {
      const { eventSource: service, eventName: name, requestParameters, errorCode } = event.detail
      const refused = errorCode !== undefined
      return takeCall(world, { ...moment, service, name, parameters: requestParameters ?? {}, refused })
    }
    case 'AWS Console Sign In via CloudTrail': {
      const { eventSource: service, eventName: name, responseElements } = event.detail
      const refused = responseElements?.ConsoleLogin === 'Failure'
      return takeCall(world, { ...moment, service, name, parameters: {}, refused })
    }
    case 'GuardDuty Finding':
      return takeFinding(world, { ...moment, type: event.detail.type, severity: event.detail.severity })
  }
}
