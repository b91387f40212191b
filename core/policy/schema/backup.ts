import { z } from 'zod'
import { awsRegion, cron, days, minutes, reason, text } from './values'

const lock = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('governance').describe('kind of vault lock'),
    minRetentionDays: days('shortest retention the vault accepts'),
    maxRetentionDays: days('longest retention the vault accepts'),
  }),
  z.strictObject({
    mode: z.literal('compliance').describe('kind of vault lock'),
    minRetentionDays: days('shortest retention the vault accepts'),
    maxRetentionDays: days('longest retention the vault accepts'),
    changeableForDays: z
      .number()
      .int()
      .min(3)
      .max(36_500)
      .describe('days until nobody can undo the lock; AWS demands at least 3'),
    irreversibleAcknowledgement: text('the exact sentence that accepts what cannot be undone'),
  }),
  z.strictObject({
    mode: z.literal('none').describe('kind of vault lock'),
    reason: reason('why the vault is not locked'),
  }),
])

const vault = z.strictObject({ lock })

const longTermTier = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z-]{2,20}$/, 'lower-case letters and hyphens')
    .describe('part of the name of the rule in the plan'),
  cron: cron('when its backup starts, in the time zone of the schedule'),
  retentionDays: days('how long its recovery points are kept'),
  dataClasses: z
    .array(z.enum(['phi', 'pii', 'financial', 'operational', 'public']))
    .min(1)
    .describe('classes of data that need it; a store of such a class gets it'),
})

const vaultAccess = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('nobody').describe('who may delete a recovery point or shorten its retention'),
  }),
  z.strictObject({
    mode: z.literal('break-glass').describe('who may delete a recovery point or shorten its retention'),
    reason: reason('why somebody may'),
  }),
])

const secondAccount = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('none').describe('whether an account of its own holds copies'),
    reason: reason('why no other account holds copies'),
  }),
  z.strictObject({
    mode: z.literal('copies').describe('whether an account of its own holds copies'),
    accountId: z
      .string()
      .regex(/^\d{12}$/, 'twelve digits')
      .describe('AWS account that holds them, of the same organization'),
    region: awsRegion('where that account keeps them'),
    retentionDays: days('how long it keeps them'),
    lock,
  }),
])

/** Backups of what the store register names: when, how long, where to, and who may end it. */
export const backup = z.strictObject({
  schedule: z.strictObject({
    cron: cron('when the daily backup starts'),
    continuousCron: cron('when the continuous backup is brought up to date'),
    timeZone: text('time zone of the schedule; IANA name'),
    startWindowMinutes: minutes('how late a backup may start'),
    completionWindowMinutes: minutes('how long a backup of the database may take once it started'),
    bucketCompletionWindowMinutes: minutes('the same for a bucket, whose first backup reads every object'),
  }),
  snapshotRetentionDays: days('retention of daily snapshots'),
  pointInTimeRetentionDays: days('how far back point-in-time recovery reaches; AWS allows at most 35'),
  longTermTiers: z.array(longTermTier).describe('what is kept beyond the daily snapshots'),
  coldStorageAfterDays: z
    .union([z.number().int().positive(), z.literal('never')])
    .describe('when snapshots move to cold storage; RDS has none'),
  geoRedundancy: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('multi-region').describe('every backup has a copy in the recovery region') }),
    z.strictObject({
      mode: z.literal('single-region').describe('no backup leaves its region'),
      reason: reason('why no backup has a copy in another region'),
    }),
  ]),
  encryption: z.strictObject({
    atRest: z.literal('AES-256').describe('cipher of stored backups'),
    inTransit: z.enum(['TLSv1.2', 'TLSv1.3']).describe('oldest TLS a backup travels over'),
  }),
  vaults: z.strictObject({ pointInTime: vault, snapshots: vault, copies: vault }),
  vaultAccess,
  secondAccount,
  applications: z.strictObject({
    code: text('how code is backed up'),
    configuration: text('how configuration is backed up'),
    assets: text('how assets are backed up'),
    environment: text('how the environment is backed up'),
  }),
})
