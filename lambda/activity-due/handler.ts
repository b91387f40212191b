import { calendarWorld } from '../../adapters/aws/operations-world'
import { activityDue } from '../../core/calendar/activity-due'
import { invocation } from '../invocation'
import * as form from './contract'

const world = calendarWorld(process.env)

export const handler = invocation(form, ({ activity, dueAt }) => activityDue(world, { activity, at: new Date(dueAt) }))
