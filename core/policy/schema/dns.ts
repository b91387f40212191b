import { z } from 'zod'
import { awsRegion, list, reason, text } from './values'

const host = (what: string) =>
  z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a host name such as api.example.org')
    .describe(`${what}; host name`)

/** What besides the switch takes the API's primary side out of service. A database has no such check: it moves by promotion only. */
const apiCheck = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('endpoint').describe('health checkers ask the API itself') }),
  z.strictObject({
    mode: z.literal('alarm').describe('for an API that health checkers cannot reach: an alarm stands for it'),
    alarmName: text('existing alarm of one standard-resolution metric; Route 53 can watch no other'),
    region: awsRegion('where the alarm stands'),
    whenUnknown: z.enum(['LastKnownStatus', 'Healthy']).describe('what missing data means; never that traffic moves'),
  }),
  z.strictObject({
    mode: z.literal('none').describe('only the switch moves the API'),
    reason: reason('why an API that is down keeps its traffic'),
  }),
])

export const dns = z.strictObject({
  hostedZoneId: text('public hosted zone of the served names, existing'),
  privateZone: z.discriminatedUnion('mode', [
    z.strictObject({
      mode: z.literal('existing').describe('whether the names are served inside the networks too'),
      hostedZoneId: text('private hosted zone of the same domain, associated with the networks of both regions'),
    }),
    z.strictObject({
      mode: z.literal('none').describe('whether the names are served inside the networks too'),
      reason: reason('why the public zone is enough'),
    }),
  ]),
  zoneName: text('domain of the hosted zones'),
  databaseName: text('served name of the database, inside the zone'),
  apiName: text('served name of the API, inside the zone'),
  apiTargets: z.strictObject({
    primary: host('where the API answers in the primary region'),
    recovery: host('where the API answers in the recovery region'),
  }),
  apiCheck,
  healthPath: z
    .string()
    .regex(/^\/[\w/.-]+$/, 'a path such as /api/health')
    .describe('where the API answers for its health; path of the URL'),
  checkerRanges: z.strictObject({
    asOf: z.iso.date().describe('date of the list of Route 53 health checker addresses'),
    cidrs: list('addresses the health checkers come from; CIDR'),
  }),
})
