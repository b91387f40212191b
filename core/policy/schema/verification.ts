import { z } from 'zod'
import { count, days, minutes, seconds } from './values'

/** How backups are looked at each day and tried each week. */
export const verification = z.strictObject({
  daily: z.strictObject({
    everyMinutes: count('whole minutes between two runs of the daily checks'),
    readingSeconds: seconds('how long one run reads recovery points before it leaves the rest to the next one'),
    capacity: z.strictObject({
      lookBackDays: days('how far back growth is measured'),
      fullWithinDays: days('a storage, quota or budget that is used up sooner than that is a finding'),
      recoveryPointGigabytes: count('what the recovery points of one region may take in all; gigabytes'),
      // https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html
      recoveryPointsPerVault: count('recovery points that AWS Backup keeps in one vault'),
    }),
  }),
  replica: z.strictObject({
    everyMinutes: count('whole minutes between two comparisons of the replica with its source'),
    atOnce: count('parts of the tables that are compared at a time'),
    timeoutMinutes: minutes('how long a whole comparison may take'),
  }),
  weekly: z.strictObject({
    performance: z.strictObject({
      runs: count('times that a restored copy and its source are asked the same, in turn'),
      slowestRatio: z
        .number()
        .min(1)
        .describe('how many times as long as its source a copy may take; ratio of medians'),
      ignoredMilliseconds: z
        .number()
        .positive()
        .describe('a difference below it says nothing, whatever the ratio; milliseconds'),
    }),
  }),
})
