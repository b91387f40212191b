import { z } from 'zod'
import { minutes } from './values'

/** Static assets: a bucket in each data region with versions, copied within minutes. */
export const assets = z.strictObject({
  replication: z
    .enum(['to-recovery', 'both-ways'])
    .describe(
      'which way copies go; both ways only once both regions are deployed, since S3 refuses a destination that does not exist',
    ),
  replicationAlarmMinutes: minutes('age of an asset without its copy that raises the alarm'),
})
