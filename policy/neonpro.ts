import type { TwoRegionPolicy } from '../core/policy'
import { archive } from './archive'
import { assets } from './assets'
import { backup } from './backup'
import { code } from './code'
import { configuration } from './configuration'
import { contactsAndCalendar } from './contacts-and-calendar'
import { fingerprint } from './fingerprint'
import { governance } from './governance'
import { health } from './health'
import { incidentResponse } from './incident-response'
import { operations } from './operations'
import { people } from './people'
import { procedure } from './procedure'
import { releases } from './releases'
import { restoreTesting } from './restore-testing'
import { transfers } from './transfers'
import { verification } from './verification'

/** NeonPro's policy as it stands in production; the overlays in `environments.ts` say what differs elsewhere. */
export const neonpro: TwoRegionPolicy = {
  environment: 'production',
  application: 'neonpro',
  ...procedure,
  ...contactsAndCalendar,
  releases,
  operations,
  health,
  people,
  governance,
  topology: {
    preset: 'eu-west-1',
    // Placeholder in AWS's documentation range, to be replaced by the account that deploys; nothing reaches AWS without it.
    accountId: '111122223333',
    bootstrapQualifier: 'hnb659fds',
    regions: { primary: 'sa-east-1', recovery: 'eu-west-1', witness: 'eu-central-1' },
    availabilityZones: {
      primary: ['sa-east-1a', 'sa-east-1b', 'sa-east-1c'],
      recovery: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
    },
    network: { primary: { mode: 'create', cidr: '10.20.0.0/20' }, recovery: { mode: 'create', cidr: '10.21.0.0/20' } },
    instances: [
      { generation: 1, region: 'primary', role: 'primary' },
      { generation: 2, region: 'recovery', role: 'replica', source: 1 },
    ],
    active: 'primary',
  },
  imports: { database: { mode: 'create' }, keys: { mode: 'create' } },
  database: {
    engineMajor: 18,
    engineVersion: '18.3',
    instanceClass: 'r7g.large',
    storageGigabytes: 200,
    sizeGigabytes: 100,
    restoreGigabytesPerHour: 100,
    multiAz: true,
    tlsMinimum: 'TLSv1.3',
    // 06:00 to 07:00 on Sunday in Sao Paulo: an hour after the daily backup has ended at the latest.
    maintenanceWindow: { weekday: 'Sun', startUtc: '09:00', endUtc: '10:00' },
    // Ours, since the procedure names none.
    secretRotationDays: 30,
    name: 'neonpro',
    logins: ['clinic_app', 'clinic_jobs', 'clinic_reporting'],
  },
  dns: {
    hostedZoneId: 'Z0000000000EXAMPLE',
    privateZone: { mode: 'existing', hostedZoneId: 'Z0000000001EXAMPLE' },
    zoneName: 'neonpro.healthcare',
    databaseName: 'db',
    apiName: 'api',
    apiTargets: { primary: 'primary.api.neonpro.healthcare', recovery: 'recovery.api.neonpro.healthcare' },
    apiCheck: { mode: 'endpoint' },
    healthPath: '/api/health',
    // The output of GetCheckerIpRanges in AWS's documentation of its PowerShell tools (Get-R53CheckerIpRanges), read on the
    // date below. Compare with the live call before a deployment: a checker outside of the list cannot see a switch.
    checkerRanges: {
      asOf: '2026-11-23',
      cidrs: [
        '15.177.2.0/23',
        '15.177.6.0/23',
        '15.177.10.0/23',
        '15.177.14.0/23',
        '15.177.18.0/23',
        '15.177.22.0/23',
        '15.177.26.0/23',
        '15.177.30.0/23',
        '15.177.34.0/23',
        '15.177.38.0/23',
        '15.177.42.0/23',
        '15.177.46.0/23',
        '15.177.50.0/23',
        '15.177.54.0/23',
        '15.177.58.0/23',
        '15.177.62.0/23',
        '54.183.255.128/26',
        '54.228.16.0/26',
        '54.232.40.64/26',
        '54.241.32.64/26',
        '54.243.31.192/26',
        '54.244.52.192/26',
        '54.245.168.0/26',
        '54.248.220.0/26',
        '54.250.253.192/26',
        '54.251.31.128/26',
        '54.252.79.128/26',
        '54.252.254.192/26',
        '54.255.254.192/26',
        '107.23.255.0/26',
        '176.34.159.192/26',
        '177.71.207.128/26',
      ],
    },
  },
  failover: {
    operation: 'automatic',
    approvalExpiresSeconds: 900,
    planExpiresSeconds: 1800,
    timeouts: { fenceSeconds: 300, promoteSeconds: 1800, switchSeconds: 300, validateSeconds: 900 },
    ledgerSkewSeconds: 300,
    promotedBackupRetentionDays: 35,
  },
  // Ours, since the procedure names none: what a client that retries for a minute does not notice.
  failback: { lagAtMostSeconds: 5, waitSeconds: 60 },
  incidentResponse,
  fileTransfer: {
    mode: 'none',
    reason: 'no partner exchanges files with NeonPro; the standard for it is SFTP with SSH keys',
  },
  applicationTier: {
    mode: 'none',
    reason: 'the platform of the API runs in both regions at all times; its traffic moves with its name',
  },
  pace: {
    detection: { probeEverySeconds: 10, probeTimeoutSeconds: 4, consecutiveFailures: 3 },
    lease: { durationSeconds: 60, marginSeconds: 15, renewEverySeconds: 10 },
    dns: { ttlSeconds: 60 },
    pollEverySeconds: 5,
    fenceAttemptSeconds: 20,
  },
  rehearsal: {
    pace: {
      detection: { probeEverySeconds: 0.25, probeTimeoutSeconds: 0.4, consecutiveFailures: 6 },
      lease: { durationSeconds: 1.2, marginSeconds: 0.3, renewEverySeconds: 0.2 },
      dns: { ttlSeconds: 1 },
      pollEverySeconds: 0.05,
      fenceAttemptSeconds: 0.5,
    },
    applicationTier: {
      mode: 'hooks',
      hooks: [{ kind: 'invoke-function', name: 'clinic', function: 'rehearsal-clinic' }],
      healthySeconds: 10,
    },
    workload: { clients: 4, rows: 20_000, beforeFaultSeconds: 6, afterRecoverySeconds: 4 },
    attack: {
      transactions: 400,
      rowsPerTransaction: 500,
      pauseSeconds: 0.02,
      sampleEverySeconds: 0.25,
      contentEverySeconds: 1,
      // The counters of the server are a second late; a person would take an hour.
      detectWithinSeconds: 10,
    },
    badRelease: {
      // Ours: the procedure speaks of 15, 5 and 2 minutes in production.
      downtimeSeconds: { full: 10, partial: 5, 'config-only': 2 },
      lookEverySeconds: 0.25,
      failedShare: 0.1,
      looks: 2,
      detectWithinSeconds: 5,
      healthySeconds: 10,
      monitorSeconds: 2,
    },
    distance: {
      roundTripMs: 190,
      source:
        'an assumption, not measured by us: about 180 to 200 ms between sa-east-1 and eu-west-1, from memory and without a document behind it; replace it with a measurement from the account',
    },
    // The 45 s of a setting and the 15 min of an asset (mechanisms), a fiftieth and a six-hundredth of them: the lease runs
    // at a fiftieth too, and with the same an asset would wait for longer than a drill lasts.
    content: { changeEverySeconds: 0.5, configurationCopySeconds: 0.9, assetReplicationSeconds: 1.5 },
    quiet: { seconds: 120, stallEverySeconds: 3, stallSeconds: 1 },
    // Ours: the procedure speaks of production. On an idle machine with two cores.
    medians: { zoneFailoverSeconds: 3, regionFailoverSeconds: 5, plannedSwitchSeconds: 2 },
    campaign: { runs: 10, hostDeathMedianOutageSeconds: 5, acknowledgedPerSecond: 500 },
  },
  mechanisms: {
    replica: { mode: 'cross-region', lagAlarmSeconds: 60, lagAlarmDatapoints: 2, lagResponseSeconds: 60 },
    delayedReplica: {
      mode: 'none',
      reason: "AWS's list of versions with delayed replication ends with PostgreSQL 17, and the database runs 18",
    },
    crossRegionPointInTime: {
      mode: 'none',
      reason:
        'RDS replicates logs from sa-east-1 only to us-east-1 and us-east-2, and the recovery region is eu-west-1',
    },
    // RDS ships its transaction log to S3 every five minutes (RDS user guide, point-in-time recovery).
    pointInTimeLogSeconds: 300,
    configurationCopySeconds: 45,
    assetReplicationMinutes: 15,
    releaseRollbackMinutes: 15,
  },
  residualRisks: [
    {
      tier: 'all',
      scenario: 'region-loss',
      objective: 'history',
      acceptedWorstMinutes: 'not-recoverable',
      reason:
        'point-in-time history from before a region loss exists only in the primary region; after it only the replica and the daily copies remain',
      acceptedBy: 'Compliance Officer',
      reviewBy: '2027-06-30',
    },
    {
      tier: 'patient',
      scenario: 'corruption',
      objective: 'rpo',
      acceptedWorstMinutes: 10,
      reason:
        'the log is shipped every 5 minutes, so the newest restorable moment can be 5 minutes and its processing behind; later writes are listed for re-entry',
      acceptedBy: 'Compliance Officer',
      reviewBy: '2027-06-30',
    },
  ],
  backup,
  restoreTesting,
  verification,
  archive,
  assets,
  code,
  configuration,
  evidence: { lock: { mode: 'governance' } },
  fingerprint,
  // A table that is new today is protected within the hour; a baseline of yesterday says little about today.
  readiness: { prepareEveryMinutes: 60, baselineMaxAgeHours: 24 },
  stores: [
    {
      id: 'clinic.patients',
      kind: 'table',
      rows: 'updated',
      tier: 'patient',
      dataClass: 'phi',
      legalBasis: 'LGPD art. 11 II f, health protection; identity of a medical record',
      restsOn: 'health-protection',
      archive: { mode: 'long-term' },
    },
    {
      id: 'clinic.appointments',
      kind: 'table',
      rows: 'updated',
      tier: 'patient',
      dataClass: 'phi',
      legalBasis: 'LGPD art. 11 II f, health protection',
      restsOn: 'health-protection',
      archive: { mode: 'long-term' },
    },
    {
      id: 'clinic.records',
      kind: 'table',
      rows: 'append-only',
      tier: 'patient',
      dataClass: 'phi',
      legalBasis: 'LGPD art. 11 II a, legal duty (Lei 13.787/2018)',
      restsOn: 'legal-duty',
      archive: { mode: 'long-term' },
    },
    {
      id: 'clinic.prescriptions',
      kind: 'table',
      rows: 'append-only',
      tier: 'patient',
      dataClass: 'phi',
      legalBasis: 'LGPD art. 11 II a, legal duty',
      restsOn: 'legal-duty',
      archive: { mode: 'long-term' },
    },
    {
      id: 'clinic.consents',
      kind: 'table',
      rows: 'updated',
      tier: 'patient',
      dataClass: 'pii',
      legalBasis: 'LGPD art. 8, proof of consent',
      restsOn: 'legal-duty',
      archive: { mode: 'long-term' },
    },
    {
      id: 'clinic.invoices',
      kind: 'table',
      rows: 'updated',
      tier: 'critical',
      dataClass: 'financial',
      legalBasis: 'LGPD art. 7 II, legal duty of accounting',
      restsOn: 'legal-duty',
      archive: { mode: 'long-term' },
    },
    {
      id: 'neonpro-assets',
      kind: 'bucket',
      rows: 'updated',
      tier: 'static-assets',
      dataClass: 'public',
      legalBasis: 'no personal data',
      restsOn: 'no-personal-data',
      archive: { mode: 'none', reason: 'published content keeps its versions for a year in its own bucket' },
    },
    {
      id: '/neonpro/configuration',
      kind: 'parameters',
      rows: 'updated',
      tier: 'configuration',
      dataClass: 'operational',
      legalBasis: 'no personal data',
      restsOn: 'no-personal-data',
      archive: { mode: 'none', reason: 'its locked copies in both regions are kept for the years of the class' },
    },
  ],
  transfers,
}
