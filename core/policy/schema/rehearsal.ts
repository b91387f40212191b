import { z } from 'zod'
import { applicationTier } from './application-tier'
import * as topology from './topology'
import { count, seconds, text } from './values'

const workload = z.strictObject({
  clients: count('clients that write at the same time'),
  rows: count('patients seeded before the drill'),
  beforeFaultSeconds: seconds('quiet operation before the fault'),
  afterRecoverySeconds: seconds('quiet operation after the recovery'),
})

const quiet = z.strictObject({
  seconds: seconds('how long the clients work while nothing is wrong'),
  stallEverySeconds: seconds('time from the start of one stall of the primary region to the next'),
  stallSeconds: seconds('how long each stall lasts'),
})

const campaign = z.strictObject({
  runs: count('runs of each fault'),
  hostDeathMedianOutageSeconds: seconds('median outage that clients may observe after the death of the whole region'),
  acknowledgedPerSecond: count('least load at which a run counts: writes acknowledged in a second before the fault'),
})

const medians = z.strictObject({
  zoneFailoverSeconds: seconds('median outage that clients may observe when a standby in the zone takes over'),
  regionFailoverSeconds: seconds('the same when the replica of the other region takes over'),
  plannedSwitchSeconds: seconds('the same when the writer hands over while all is well'),
})

const attack = z.strictObject({
  transactions: count('transactions that the attacker commits, over all tables in turn'),
  rowsPerTransaction: count('rows that each of them rewrites or deletes'),
  pauseSeconds: seconds('time between two of them'),
  sampleEverySeconds: seconds('time between two looks at what the tables lost'),
  contentEverySeconds: seconds('time between two comparisons of the content with its baseline'),
  detectWithinSeconds: seconds('how long the attack may go unnoticed'),
})

const distance = z.strictObject({
  roundTripMs: z
    .number()
    .nonnegative()
    .describe('what a question and its answer take between the two regions; milliseconds'),
  source: text('where the number comes from, and how far it is to be trusted'),
})

const content = z.strictObject({
  changeEverySeconds: seconds('time between two changes of a setting, and between two of an asset'),
  configurationCopySeconds: seconds('how long a changed setting waits before it is copied to the other region'),
  assetReplicationSeconds: seconds('how long a changed asset waits before it is copied to the other region'),
})

const badRelease = z.strictObject({
  downtimeSeconds: z.strictObject({
    full: seconds('longest time from the start of a full rollback until the last client is served again'),
    partial: seconds('the same of a partial one'),
    'config-only': seconds('the same of one of settings alone'),
  }),
  lookEverySeconds: seconds('time between two looks at how many requests fail'),
  failedShare: z
    .number()
    .positive()
    .max(1)
    .describe('share of the requests since the last look from which on it is bad'),
  looks: count('bad looks in a row that ring the alarm'),
  detectWithinSeconds: seconds('how long a bad release may go unnoticed'),
  healthySeconds: seconds('longest time until a component that was put back serves'),
  monitorSeconds: seconds('how long a platform that was rolled back is watched'),
})

/** How the local rehearsals run, and what they have to show beyond the objectives of production. */
export const rehearsal = z.strictObject({
  pace: topology.pace.describe('how fast the local rehearsal notices and acts'),
  workload,
  quiet,
  campaign,
  medians: medians.describe('what the outages of repeated rehearsals have to come to'),
  attack,
  badRelease: badRelease.describe('a bad release that is noticed and rolled back'),
  distance,
  content,
  applicationTier: applicationTier.describe('what the local rehearsal brings up in its place'),
})
