import { z } from 'zod'
import { awsRegion, count, date, days, list, reason, seconds, text, timeOfDay } from './values'

const atRest = {
  endpointAddress: text('endpoint of the instance, as RDS tells it'),
  resourceId: text('resource id of the instance, as RDS tells it; such as db-ABC'),
}

/** How far a promoted replica, or what was restored beside, has come on its way into a stack that declares it as the writer it is. */
const adoption = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('released').describe('its stack has let go of it; what others read of it stands here'),
    ...atRest,
  }),
  z.strictObject({
    state: z.literal('imported').describe('its stack has taken it in as a writer, and changed nothing else'),
    ...atRest,
  }),
  z.strictObject({ state: z.literal('adopted').describe('its stack declares a writer, as any other') }),
])

const instance = z.strictObject({
  generation: count('which rebuild of the database this is; part of every name'),
  region: z.enum(['primary', 'recovery']).describe('role of the region it stands in'),
  role: z
    .enum(['primary', 'replica', 'restored'])
    .describe('what it was made as: created, following another one, or restored beside it by a recovery'),
  source: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('generation a replica follows, or followed, or that was restored'),
  adoption: adoption
    .optional()
    .describe(
      'set after its promotion; a promoted replica stays declared as one until then. What was restored has it from the start',
    ),
})

const cidr = z.cidrv4().describe('address range of the VPC; CIDR')
const network = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('create').describe('whether the VPC is created or imported'), cidr }),
  z.strictObject({
    mode: z.literal('import').describe('whether the VPC is created or imported'),
    cidr,
    vpcId: text('existing VPC'),
    isolatedSubnetIds: list('existing isolated subnets'),
  }),
])

const shared = {
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'twelve digits')
    .describe('AWS account of the environment'),
  bootstrapQualifier: z
    .string()
    // https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
    .regex(/^[a-z0-9]{1,10}$/, 'one to ten letters and digits')
    .describe('what the account was bootstrapped with; part of the name of the role that deploys'),
  instances: z.array(instance).min(1).describe('database instances by generation'),
}
const primaryRegion = awsRegion('region that serves in normal operation')
const primaryZones = list('zones used in the primary region')

export const regionLossException = z.strictObject({
  reason: reason('why the loss of the region is not recoverable'),
  acceptedBy: text('role that accepts it'),
  reviewBy: date('when the exception is looked at again'),
})

const twoRegions = z.strictObject({
  ...shared,
  preset: z.enum(['eu-west-1', 'us-east-2']).describe('which recovery region was chosen, see docs/adr/001'),
  regions: z.strictObject({
    primary: primaryRegion,
    recovery: awsRegion('region that takes over'),
    witness: awsRegion('region that only coordinates; holds no personal data'),
  }),
  availabilityZones: z.strictObject({ primary: primaryZones, recovery: list('zones used in the recovery region') }),
  network: z.strictObject({ primary: network, recovery: network }),
  active: z.enum(['primary', 'recovery']).describe('which role writes now'),
  oneWayReason: reason(
    'why nothing is copied back while the recovery region serves, such as a dark primary region',
  ).optional(),
})

/** Nothing leaves Brazil, where AWS has one region: its loss is an exception that somebody answers for, not an objective. */
const oneRegion = z.strictObject({
  ...shared,
  preset: z.literal('brazil-only').describe('which recovery region was chosen, see docs/adr/001'),
  regionLossException,
  regions: z.strictObject({ primary: primaryRegion }),
  availabilityZones: z.strictObject({ primary: primaryZones }),
  network: z.strictObject({ primary: network }),
  active: z.literal('primary').describe('which role writes now'),
})

export const topology = z.discriminatedUnion('preset', [twoRegions, oneRegion])

export const database = z.strictObject({
  engineMajor: count('PostgreSQL major version, the same as in the rehearsal'),
  engineVersion: text('full engine version on RDS'),
  instanceClass: text('RDS instance class without the db. prefix'),
  storageGigabytes: count('allocated storage; gigabytes'),
  sizeGigabytes: z.number().positive().describe('size of the data today, input of every restore estimate; gigabytes'),
  restoreGigabytesPerHour: z.number().positive().describe('assumed restore rate of a snapshot; gigabytes per hour'),
  multiAz: z.boolean().describe('a synchronous standby in a second zone'),
  tlsMinimum: z.enum(['TLSv1.2', 'TLSv1.3']).describe('oldest TLS the database accepts'),
  maintenanceWindow: z.strictObject({
    weekday: z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']).describe('weekday in UTC'),
    startUtc: timeOfDay('start in UTC'),
    endUtc: timeOfDay('end in UTC'),
  }),
  secretRotationDays: days("longest life of the owner's password"),
  name: text('database name'),
  logins: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{1,30}$/, 'lower-case letters, digits and underscores'))
    .describe('login roles of the applications; each has a secret of its own, by which it is handed a new password'),
})

export const pace = z.strictObject({
  detection: z.strictObject({
    probeEverySeconds: seconds('time between two probes'),
    probeTimeoutSeconds: seconds('how long a probe waits for its answer'),
    consecutiveFailures: count('probe intervals a failure has to last before it is declared'),
  }),
  lease: z.strictObject({
    durationSeconds: seconds('how long the old primary may write without hearing from a witness'),
    marginSeconds: seconds('what a promoter waits on top, for clock rates'),
    renewEverySeconds: seconds('time between two renewals by the guard'),
  }),
  dns: z.strictObject({ ttlSeconds: seconds('how long a client may remember the served name') }),
  pollEverySeconds: seconds('how often a runbook looks again while it waits'),
  fenceAttemptSeconds: seconds('deadline of the attempt to fence the old primary directly'),
})

export const failback = z.strictObject({
  lagAtMostSeconds: seconds('how far behind the writer its successor may be before a planned switch begins'),
  waitSeconds: seconds('longest wait for it to come this close, and once more to hold everything'),
})

export const failover = z.strictObject({
  operation: z
    .enum(['automatic', 'approval'])
    .describe('whether a region failover starts by itself or asks a second person'),
  approvalExpiresSeconds: seconds('how long a question to people stays open'),
  planExpiresSeconds: seconds('how long a plan of a failover may be applied'),
  timeouts: z.strictObject({
    fenceSeconds: seconds('longest fencing, including the lease'),
    promoteSeconds: seconds('longest promotion'),
    switchSeconds: seconds('longest wait for the served name'),
    validateSeconds: seconds('longest validation'),
  }),
  ledgerSkewSeconds: seconds(
    'how far two clocks may differ when it is asked what a recovered database lacks of the erasure ledger',
  ),
  promotedBackupRetentionDays: days('backup retention stated at promotion; RDS falls back to 1 if it is omitted'),
})
