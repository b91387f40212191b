import { z } from 'zod'
import { count } from './values'

/** How often what a failover rests on is prepared anew: epoch, guard, roles, triggers, content baseline. */
export const readiness = z.strictObject({
  prepareEveryMinutes: count('whole minutes between two preparations: how late a new table is protected'),
  baselineMaxAgeHours: count('age at which the content baseline is recorded anew; hours'),
})
