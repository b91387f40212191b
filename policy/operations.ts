import type { Policy } from '../core/policy'

/** When the mechanisms' alarms ring: ours, since the procedure names thresholds for its KPIs only. */
export const operations: Policy['operations'] = {
  incidents: { windowMinutes: 60, notifyAgainMinutes: 5 },
  alarms: {
    storageFreePercent: 15,
    slotLagGigabytes: 10,
    logDiskGigabytes: 20,
    guardSilentMinutes: 3,
    leaseStaleMinutes: 2,
    // What S3 promises with replication time control.
    evidenceCopyMinutes: 15,
  },
}
