import type { Policy } from '../core/policy'

/** How backups are looked at: ours, since the procedure says daily and names no numbers. */
export const verification: Policy['verification'] = {
  daily: {
    // Four looks a day: what a night's backup left behind is known before the clinics open.
    everyMinutes: 6 * 60,
    // Less than the 15 minutes of a function, with room to judge and to record.
    readingSeconds: 600,
    capacity: {
      lookBackDays: 30,
      // A person has to order, approve and test a change of storage in that time.
      fullWithinDays: 30,
      // 90 daily, 26 weekly and 13 monthly snapshots of 200 GB are 25,800 GB as AWS Backup counts them, each by its whole size.
      recoveryPointGigabytes: 30_000,
      recoveryPointsPerVault: 1_000_000,
    },
  },
  // A day is as old as the content baseline may become. Two at a time are the readers of a fingerprint: at 35 MB a second for each
  // of them 200 GB take an hour, and six leave room for what differed and for a replica that is behind.
  replica: { everyMinutes: 24 * 60, atOnce: 2, timeoutMinutes: 360 },
  // A copy has just been made and has read nothing yet; five times as slow is not its youth any more.
  weekly: { performance: { runs: 5, slowestRatio: 5, ignoredMilliseconds: 50 } },
}
