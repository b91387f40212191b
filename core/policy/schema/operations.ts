import { z } from 'zod'
import { count, minutes, seconds } from './values'

/** How incidents are kept, and when the alarms of the mechanisms ring. Alarms on the procedure's KPIs take their thresholds from `kpis`. */
export const operations = z.strictObject({
  incidents: z.strictObject({
    windowMinutes: minutes('time in which an alarm that rings again joins its incident'),
    notifyAgainMinutes: minutes('age of an unfinished notification that is taken over'),
  }),
  availability: z.strictObject({
    // A line of the embedded metric format holds a hundred values.
    attempts: count('times in each minute that each place asks the served API').max(100),
    everySeconds: seconds('time between two of them'),
  }),
  alarms: z.strictObject({
    storageFreePercent: z
      .number()
      .min(5)
      .max(50)
      .describe('free storage of a database that raises the alarm; percent of what is allocated'),
    slotLagGigabytes: count('log kept for a replica that raises the alarm; gigabytes'),
    logDiskGigabytes: count('write-ahead log on disk that raises the alarm; gigabytes'),
    guardSilentMinutes: minutes('how long the guard may be silent'),
    leaseStaleMinutes: minutes('how long the write lease may go without a renewal'),
    regionLostDatapoints: count('looks in a row, one a minute, that have to find the primary region down'),
    placeAwayMinutes: count('minutes in a row in which a place of coordination has to be away'),
    evidenceCopyMinutes: minutes('how late evidence may reach the next region'),
  }),
})
