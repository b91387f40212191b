import { z } from 'zod'
import { count, seconds, text } from './values'

/** How databases are read to compare their content. */
export const fingerprint = z.strictObject({
  readers: count('sessions that hash, beside the one that holds the snapshot'),
  pace: z
    .strictObject({
      megabytesPerSecond: z.number().positive().describe('what one session hashes of a table; megabytes a second'),
      source: text('where the number comes from'),
    })
    .describe('what tables are divided by'),
  // A function ends after 15 minutes (Lambda quotas); below that is left for its start, a slower server and its end.
  pieceSecondsAtMost: z.number().positive().max(600).describe('longest that one piece of a table may take; seconds'),
  lockWaitSeconds: seconds('longest wait for a table that somebody holds'),
  replica: z
    .strictObject({
      waitSeconds: seconds('longest wait for a replica to replay what its source had'),
      looks: count('looks at rows that differ before nothing is said of them'),
      pauseSeconds: seconds('pause between two looks'),
    })
    .describe('how a replica is compared while its source is written to'),
})
