import { z } from 'zod'
import { count, cron, text } from './values'

const identifier = (what: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{2,40}$/, 'lower-case letters, digits and hyphens')
    .describe(what)

const performedBy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('human').describe('who carries it out; people are reminded') }),
  z.strictObject({
    kind: z.literal('automatic').describe('who carries it out; a function is started once it is deployed'),
    function: identifier('function that does it; until it exists its owner is told that it is due'),
  }),
  z.strictObject({
    kind: z.literal('continuous').describe('who carries it out; a mechanism with a schedule of its own'),
    mechanism: z
      .enum(['restore-testing-plan', 'health-watch', 'archive-read-back'])
      .describe('what does it, at least as often as the calendar asks'),
  }),
])

const activity = z.strictObject({
  id: identifier('name of the activity; part of its schedule and of its evidence'),
  part: z.enum(['verification', 'testing', 'reports', 'access']).describe('part of the procedure that asks for it'),
  cadence: z.enum(['daily', 'weekly', 'monthly', 'quarterly']).describe('how often it comes due'),
  title: text('what is done, in the words of the procedure'),
  owner: text('contact who answers for it'),
  performedBy,
})

/** Everything that comes due again and again, and when. */
export const calendar = z.strictObject({
  due: z.strictObject({
    timeZone: text('time zone of the schedules; IANA name'),
    daily: cron('when daily activities come due'),
    weekly: cron('when weekly activities come due'),
    monthly: cron('when monthly activities come due'),
    quarterly: cron('when quarterly activities come due'),
  }),
  graceHours: z.strictObject({
    daily: count('time after which a daily activity that nobody attested is overdue; hours'),
    weekly: count('the same for a weekly one; hours'),
    monthly: count('the same for a monthly one; hours'),
    quarterly: count('the same for a quarterly one; hours'),
  }),
  onceDays: z.strictObject({
    training: count('time after a remedied violation in which each role acknowledges what it has to know; days').max(
      45,
    ),
    lessonsLearned: count('time after a drill in which its lessons have to be recorded; days').max(45),
  }),
  watchEveryMinutes: count('whole minutes between two looks at what is overdue'),
  activities: z.array(activity).min(1),
})
