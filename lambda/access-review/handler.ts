import { accountAccess } from '../../adapters/aws/account-access'
import { calendarWorld } from '../../adapters/aws/operations-world'
import { openReview } from '../../core/access/open-review'
import { invocation } from '../invocation'
import * as form from './contract'

const world = { ...calendarWorld(process.env), account: accountAccess() }

export const handler = invocation(form, ({ activity, dueAt }) => openReview(world, { activity, at: new Date(dueAt) }))
