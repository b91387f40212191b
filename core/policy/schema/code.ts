import { z } from 'zod'
import { objectLock } from './object-lock'
import { count } from './values'

/** Signed copies of the repository, pushed by CI into a locked bucket of each data region. */
export const code = z.strictObject({
  lock: objectLock,
  pushEveryHours: z.number().positive().describe('how often CI pushes a copy besides every tag; hours'),
  oldestCopyHours: z.number().positive().describe('age of the newest copy that raises the alarm; hours'),
  checkEveryMinutes: count('whole minutes between two checks of age and signature'),
})
