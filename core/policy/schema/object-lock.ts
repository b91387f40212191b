import { z } from 'zod'
import { text } from './values'

/** Kind of Object Lock on a bucket; how long it holds follows from the retention of what is in it. */
export const objectLock = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('governance').describe('kind of object lock; a named privilege can lift this one'),
  }),
  z.strictObject({
    mode: z.literal('compliance').describe('kind of object lock; nobody can lift this one'),
    irreversibleAcknowledgement: text('the exact sentence that accepts what cannot be undone'),
  }),
])
