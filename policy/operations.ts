import type { Policy } from '../core/policy'

/** When the mechanisms' alarms ring: ours, since the procedure names thresholds for its KPIs only. */
export const operations: Policy['operations'] = {
  incidents: { windowMinutes: 60, notifyAgainMinutes: 5 },
  // In the five minutes of the procedure's alarm 200 attempts from each place: one that fails by itself is 0.5 %.
  availability: { attempts: 40, everySeconds: 1 },
  alarms: {
    storageFreePercent: 15,
    slotLagGigabytes: 10,
    logDiskGigabytes: 20,
    guardSilentMinutes: 3,
    leaseStaleMinutes: 2,
    // A Multi-AZ instance is away for up to two minutes when it changes its zone: four looks span more than that even where
    // the schedule is a minute early or late.
    regionLostDatapoints: 4,
    placeAwayMinutes: 3,
    // What S3 promises with replication time control.
    evidenceCopyMinutes: 15,
  },
}
