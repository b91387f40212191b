import { z } from 'zod'
import { objectLock } from './object-lock'
import { count, seconds } from './values'

/** Copies of the configuration in both data regions. What is copied are the stores of kind `parameters`. */
export const configuration = z.strictObject({
  lock: objectLock,
  secrets: z
    .array(z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'lower-case letters, digits and dashes'))
    .describe('secrets of the application, made once, filled by their owner and replicated; the database has its own'),
  copyRetrySeconds: seconds('pause before a copy that failed is tried again'),
  backupEveryMinutes: count('whole minutes between two backups of the whole environment, besides one on each change'),
})
