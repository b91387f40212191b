import { z } from 'zod'
import { minutes, reason, text } from './values'

const partner = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{2,30}$/, 'lower-case letters, digits and hyphens')
    .describe('user name of the partner, and the folder it is shut into'),
  purpose: text('what is exchanged, and on which contract'),
  sshPublicKeys: z
    .array(
      z
        .string()
        .regex(
          /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{60,}={0,2}$/,
          'an Ed25519 or ECDSA public key without a comment',
        ),
    )
    .min(1)
    .max(10)
    .describe('keys the partner may use; there are no passwords'),
})

/** Exchange of files with partners over SFTP, in the primary region; every file is copied to the recovery region. */
export const fileTransfer = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('none').describe('whether files are exchanged over SFTP'),
    reason: reason('why no files are exchanged'),
  }),
  z.strictObject({
    mode: z.literal('sftp').describe('whether files are exchanged over SFTP'),
    store: text('id of the bucket in the store register, from which plan and retention follow'),
    copyAlarmMinutes: minutes('age of a file without its copy in the recovery region that raises the alarm'),
    partners: z.array(partner).min(1),
  }),
])
