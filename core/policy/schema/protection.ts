import { z } from 'zod'
import { awsRegion, count, date, days, keyArn, minutes, reason, seconds, text } from './values'

/** What protects the data, and the numbers that decide how well. Feasibility judges these against the objectives. */
export const mechanisms = z.strictObject({
  replica: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('cross-region').describe('whether a replica follows in the recovery region'),
      lagAlarmSeconds: seconds('replica lag that raises the alarm'),
      lagAlarmDatapoints: count('one-minute datapoints until the alarm rings'),
      lagResponseSeconds: seconds('time until somebody or something reacts to the alarm'),
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether a replica follows in the recovery region'),
      reason: reason('why there is no replica'),
    }),
  ]),
  delayedReplica: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('delayed').describe('whether a replica stays behind on purpose, against human error'),
      generation: count('generation of its own, which no instance of the topology has; part of its name'),
      source: count('generation it follows, in the region of that one'),
      applyDelayMinutes: z.number().int().min(1).max(1440).describe('how far it stays behind; minutes'),
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether a replica stays behind on purpose, against human error'),
      reason: reason('why no replica stays behind'),
    }),
  ]),
  crossRegionPointInTime: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('replicated').describe('whether history survives a region loss'),
      retentionDays: days('how far back history reaches in the recovery region; RDS allows at most 35'),
      kmsKeyArn: keyArn('key of the recovery region that encrypts it; random, so it is read there and written here'),
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether history survives a region loss'),
      reason: reason('why history does not survive a region loss'),
    }),
  ]),
  pointInTimeLogSeconds: seconds('how often RDS ships its log for point-in-time recovery'),
  configurationCopySeconds: seconds('worst time until a change of configuration is held by both regions'),
  assetReplicationMinutes: minutes('worst time until an asset is held by both regions'),
  releaseRollbackMinutes: minutes('worst time to restore the previous release'),
})

export const residualRisk = z.strictObject({
  tier: z.enum(['critical', 'patient', 'configuration', 'static-assets', 'all']).describe('recovery tier at risk'),
  scenario: z.enum(['zone-loss', 'region-loss', 'corruption', 'bad-release']).describe('what would have to happen'),
  objective: z.enum(['rpo', 'rto', 'history']).describe('promise at risk'),
  acceptedWorstMinutes: z
    .union([z.number().positive(), z.literal('not-recoverable')])
    .describe('worst case that is accepted; a longer one is refused; minutes'),
  reason: reason('why it cannot be met'),
  acceptedBy: text('role that accepts the risk'),
  reviewBy: date('when the risk is looked at again'),
})

export const store = z.strictObject({
  id: text('schema.table, bucket or parameter path'),
  kind: z.enum(['table', 'bucket', 'parameters']).describe('what kind of store it is'),
  rows: z
    .enum(['append-only', 'updated'])
    .describe('whether what was written stays as it is; the content of an append-only table is judged by a baseline'),
  tier: z
    .enum(['critical', 'patient', 'configuration', 'static-assets'])
    .describe('recovery tier: which RPO and RTO hold'),
  dataClass: z.enum(['phi', 'pii', 'financial', 'operational', 'public']).describe('retention and protection'),
  legalBasis: text('why the data may be processed'),
  restsOn: z
    .enum(['legal-duty', 'health-protection', 'consent', 'no-personal-data'])
    .describe(
      'kind of that basis, as far as it decides how long data may be kept; consent can be withdrawn at any time',
    ),
  archive: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('long-term').describe('whether it goes to the archive of its class') }),
    z.strictObject({
      mode: z.literal('none').describe('whether it goes to the archive of its class'),
      reason: reason('why it is not archived'),
    }),
  ]),
})

/** Everything that can cross a border: a protection of the recovery region begins with data that goes there. */
export const FLOWS = [
  'database-replica',
  'point-in-time-logs',
  'backup-copies',
  'archive',
  'evidence',
  'coordination',
  'configuration',
  'assets',
  'partner-files',
  'code',
  'audit-trail',
  'event-notifications',
] as const

/** Standard contractual clauses as signed (Resolution CD/ANPD 19/2024). */
export const signedClauses = z.strictObject({
  reference: text('signed contract'),
  signedOn: date('date of signature'),
})

export const transfer = z.strictObject({
  flow: z.enum(FLOWS).describe('what crosses the border'),
  from: awsRegion('where the data comes from'),
  to: awsRegion('where the data goes'),
  personalData: z.boolean().describe('whether persons can be identified'),
  mechanism: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('adequacy').describe('legal mechanism (LGPD art. 33)'),
      decision: text('the decision'),
      since: date('in force since'),
    }),
    signedClauses.extend({
      kind: z.literal('standard-clauses').describe('legal mechanism (LGPD art. 33)'),
    }),
    z.strictObject({
      kind: z.literal('comes-home').describe('legal mechanism (LGPD art. 33)'),
      reason: reason('why the data returns to the country it comes from'),
    }),
    z.strictObject({
      kind: z.literal('no-personal-data').describe('legal mechanism (LGPD art. 33)'),
      reason: reason('why nobody can be identified'),
    }),
  ]),
})
