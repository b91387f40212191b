import { z } from 'zod'
import { days, minutes, reason, seconds } from './values'

/** What a restored copy can be asked; a test passes only if each one that the policy names was asked and answered well. */
export const RESTORE_CHECKS = [
  'content',
  'constraints',
  'sequences',
  'structure',
  'freshness',
  'restore-time',
  'security',
  'performance',
] as const

/** Recovery points that are restored by schedule, examined and thrown away. Limits are those of AWS Backup. */
export const restoreTesting = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('scheduled').describe('whether recovery points are restored as a test'),
    cron: z
      .string()
      .regex(/^cron\(.+\)$/, 'an AWS cron expression')
      .describe('when a test starts, in the time zone of the backups; AWS cron'),
    startWindowHours: z.number().int().min(1).max(168).describe('how late a test may start; hours'),
    recoveryPoint: z
      .enum(['latest', 'random'])
      .describe('which recovery point of the window is restored; random ones test the older ones too'),
    selectionWindowDays: z.number().int().min(1).max(365).describe('how old a tested recovery point may be; days'),
    validationWindowHours: z
      .number()
      .int()
      .min(1)
      .max(168)
      .describe('how long AWS waits for a verdict before it throws the copy away; hours'),
    provenWithinDays: days('longest time without a passed test, of snapshots and of continuous backups alike'),
    countEveryMinutes: minutes('how often the tests that passed lately are counted'),
    examinationSeconds: seconds('how long the examination of a copy may take'),
    oldestHeartbeatMinutes: minutes('how much older than its recovery point the newest heartbeat in a copy may be'),
    checks: z
      .array(z.enum(RESTORE_CHECKS))
      .min(1)
      .describe('what has to be asked and answered well before a test counts as passed'),
  }),
  z.strictObject({
    mode: z.literal('none').describe('whether recovery points are restored as a test'),
    reason: reason('why no recovery point is ever restored'),
  }),
])
