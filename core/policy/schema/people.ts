import { z } from 'zod'
import { count, days, minutes, reason, text } from './values'

/** Who people are, and for how long they may do what harms. */
export const people = z.strictObject({
  identity: z.discriminatedUnion('from', [
    z.strictObject({
      from: z.literal('iam-mfa').describe('where people prove who they are'),
      accountId: z
        .string()
        .regex(/^\d{12}$/, 'twelve digits')
        .describe('account in which people have their users, each with MFA; an account id'),
    }),
    z.strictObject({
      from: z.literal('identity-center').describe('where people prove who they are'),
      permissionSetPrefix: text('what the name of a permission set begins with; the role of people follows'),
      personAttribute: text('attribute for access control that carries who the person is'),
    }),
  ]),
  mfaMaxAgeMinutes: minutes('age of the second factor with which a role can still be taken'),
  elevation: z.strictObject({
    sessionMinutes: z
      .number()
      .int()
      // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, DurationSeconds.
      .min(15)
      .max(60)
      .describe('how long a role for one task lasts; minutes'),
    requestMinutes: minutes('how long a request for such a role can be approved and opened'),
  }),
  breakGlass: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('sealed-user').describe('whether there is a last resort where identities are out of reach'),
      userName: z
        .string()
        .regex(/^[\w+=,.@-]{1,64}$/, 'the name of a user of IAM')
        .describe('user of IAM whose password and second factor two people keep apart'),
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether there is a last resort where identities are out of reach'),
      reason: reason('why there is none'),
    }),
  ]),
  passwordPolicy: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('enforce').describe('whether the password policy of the account is ours'),
      maxAgeDays: days('age at which a password has to be changed'),
      remembered: count('last passwords that cannot be used again').max(24),
    }),
    z.strictObject({
      mode: z.literal('existing').describe('whether the password policy of the account is ours'),
      reason: reason('who runs it, and why it is not ours'),
    }),
  ]),
  review: z.strictObject({
    unusedDays: days('time without use after which a role or a user is questioned'),
    keyMaxAgeDays: days('age after which an access key is questioned'),
    elsewhere: text(
      'role that reviews the users, groups and keys of the place where people come from, which no function sees',
    ),
  }),
})
