import { z } from 'zod'
import { objectLock } from './object-lock'
import { count, reason, text } from './values'

/** Signed copies of the repository, pushed by CI into a locked bucket of each data region. */
export const code = z.strictObject({
  lock: objectLock,
  pushEveryHours: z.number().positive().describe('how often CI pushes a copy besides every tag; hours'),
  oldestCopyHours: z.number().positive().describe('age of the newest copy that raises the alarm; hours'),
  checkEveryMinutes: count('whole minutes between two checks of age and signature'),
  publisher: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('github').describe('who may take the role that pushes the copies'),
      repository: z
        .string()
        .regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name')
        .describe('repository whose workflows push; it has to be yours, since whoever owns the name may take the role'),
      releaseBranch: text('branch whose workflows push, besides release tags'),
      provider: z
        .enum(['create', 'existing'])
        .describe("whether the account's one provider of GitHub identities is made here"),
    }),
    z.strictObject({
      mode: z.literal('none').describe('who may take the role that pushes the copies'),
      reason: reason('how the copies are pushed then'),
    }),
  ]),
})
