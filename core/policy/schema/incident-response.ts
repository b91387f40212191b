import { z } from 'zod'
import { HARDENING_MEASURES } from '../../ports/hardening'
import { count, seconds } from './values'

/** How an attack on the data is noticed, and what the answer to it may and must do. */
export const incidentResponse = z.strictObject({
  containment: z
    .enum(['automatic', 'approval'])
    .describe('whether access is cut without asking, on two independent findings; a recovery always asks'),
  deletionRate: z.strictObject({
    intervalSeconds: seconds('time over which changed rows are counted'),
    rows: count('rows of one table deleted or rewritten in it that raise the alarm'),
    sharePercent: z
      .number()
      .positive()
      .max(100)
      .describe('the same as a share of the table, where that is more rows; percent'),
    lookBackSeconds: seconds('how long before the last quiet look the search for the first suspect transaction begins'),
  }),
  timeouts: z.strictObject({
    containSeconds: seconds('longest isolation, and longest revocation'),
    preserveSeconds: seconds('longest forensic copy'),
    rotateSeconds: seconds('longest rotation of all credentials'),
    hardenSeconds: seconds('longest hardening, and longest scan'),
  }),
  pollEverySeconds: seconds('how often a copy in the making or a question to people is looked at'),
  hardening: z
    .array(z.enum(HARDENING_MEASURES).describe('measure that has to hold before anybody enters'))
    .min(1)
    .describe('measures that have to hold before anybody enters'),
  breachNoticeBusinessDays: count('business days, after the day of knowledge, to tell the ANPD and the persons'),
})
