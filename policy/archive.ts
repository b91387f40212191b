import type { Policy } from '../core/policy'

/**
 * Read once in years: at once for a year, then within hours. Deep Archive gives objects back within 12 hours (S3 user guide,
 * restore options), which no objective rests on.
 */
const TIERS = [
  { afterDays: 90, storageClass: 'GLACIER_IR' as const },
  { afterDays: 365, storageClass: 'DEEP_ARCHIVE' as const },
]

/** How long-term archives are kept. For how long is said in `dataClasses`. */
export const archive: Policy['archive'] = {
  classes: {
    phi: { mode: 'archive', lock: { mode: 'governance' }, tiers: TIERS, disposal: 'by-record' },
    pii: { mode: 'archive', lock: { mode: 'governance' }, tiers: TIERS, disposal: 'by-record' },
    financial: { mode: 'archive', lock: { mode: 'governance' }, tiers: TIERS, disposal: 'after-retention' },
    operational: {
      mode: 'none',
      reason: 'configuration, code and evidence have locked buckets of their own for the years of the class',
    },
    public: { mode: 'none', reason: 'published content keeps its versions for a year in its own bucket' },
  },
  replication: 'to-recovery',
  replicationAlarmMinutes: 60,
  export: { everyMinutes: 60, copyMinutes: 8, attempts: 3, dueByDay: 10, stagedDays: 14 },
  dump: {
    mode: 'scheduled',
    // Ours, since the procedure names none: monthly like the export, on an evening after which no maintenance follows.
    cron: 'cron(0 22 1 * ? *)',
    timeoutMinutes: 240,
    image: {
      repository: 'neonpro-archive-dump',
      // Placeholder, to be replaced by what `docker push` of task/archive-dump prints; nothing runs before it is there.
      digest: `sha256:${'0'.repeat(64)}`,
    },
    // pg_dump compresses on one core while the other encrypts and sends; an estimate, not measured on Fargate.
    cpuUnits: 2048,
    memoryMegabytes: 4096,
  },
  readBack: {
    // Ours, like the reading itself: once a quarter, two days after the month's export has to be there.
    cron: 'cron(0 22 12 1,4,7,10 ? *)',
    // All attempts together; an estimate, not measured on Fargate.
    timeoutMinutes: 480,
    image: {
      repository: 'neonpro-archive-read-back',
      // Placeholder, to be replaced by what `docker push` of task/archive-read-back prints; nothing runs before it is there.
      digest: `sha256:${'0'.repeat(64)}`,
    },
    // pg_restore unpacks on one core while the other decrypts and counts; a file of Parquet is decoded in parts. An estimate.
    cpuUnits: 2048,
    memoryMegabytes: 4096,
  },
  disposal: { approvalDays: 30 },
}
