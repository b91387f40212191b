import { z } from 'zod'
import { objectLock } from './object-lock'
import { reason } from './values'

/** Parts of GuardDuty that are switched on besides what it always looks at. */
const DETECTOR_FEATURES = [
  'S3_DATA_EVENTS',
  'RDS_LOGIN_EVENTS',
  'LAMBDA_NETWORK_LOGS',
  'EBS_MALWARE_PROTECTION',
] as const

/** Buckets of which every write can be recorded, object by object. */
const RECORDED_BUCKETS = ['evidence', 'configuration', 'code', 'assets'] as const

const existing = (what: string) =>
  z.strictObject({
    mode: z.literal('existing').describe(`whether ${what} is created or stands already`),
    reason: reason('who runs it, and why it is not ours'),
  })
const create = <Shape extends z.ZodRawShape>(what: string, shape: Shape) =>
  z.strictObject({ mode: z.literal('create').describe(`whether ${what} is created or stands already`), ...shape })

const severity = (what: string) => z.number().min(1).max(10).describe(`${what}; severity of GuardDuty, 1 to 10`)

/** Who watches the account: what there can be only one of, or is paid for twice, is created or stands already. */
export const governance = z.strictObject({
  trail: z.discriminatedUnion('mode', [
    create('the trail of all regions', {
      lock: objectLock,
      dataEvents: z
        .array(z.enum(RECORDED_BUCKETS).describe('bucket of which every write is recorded'))
        .describe('buckets of which every write is recorded, object by object'),
    }),
    existing('the trail of all regions'),
  ]),
  recorder: z.discriminatedUnion('mode', [
    create('the recorder of AWS Config', {}),
    existing('the recorder of AWS Config'),
  ]),
  detector: z.discriminatedUnion('mode', [
    create('the detector of GuardDuty', {
      features: z
        .array(z.enum(DETECTOR_FEATURES).describe('part of GuardDuty'))
        .describe('parts of GuardDuty that are switched on besides what it always looks at'),
    }),
    existing('the detector of GuardDuty'),
  ]),
  backupAudit: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('create').describe('whether AWS Backup Audit Manager judges the backups and reports'),
      reportsRole: z
        .enum(['create', 'existing'])
        .describe('whether the role under which AWS Backup writes reports is created; an account has one for good'),
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether AWS Backup Audit Manager judges the backups and reports'),
      reason: reason('why nobody of AWS does'),
    }),
  ]),
  findings: z.strictObject({
    incidentFrom: severity('finding from which on there is an incident'),
    highFrom: severity('finding from which on the incident is of high severity'),
    criticalFrom: severity('finding from which on the incident is critical'),
  }),
})
