import type { Policy } from '../schema'
import { worstGapHours } from '../schedule'
import { hasRecoveryRegion } from '../two-regions'
import { inDatabase, NO_RECOVERY_REGION, worst, type ScenarioTable, type WorstCase } from './cell'

/** CloudWatch evaluates the lag alarm on one-minute datapoints. */
const DATAPOINT_SECONDS = 60

/** The most data each scenario can cost, by the mechanisms the policy declares. */
export const recoveryPoint: ScenarioTable = {
  'zone-loss': (policy, tier) => {
    if (!inDatabase(tier)) return worst(0, 'the regional service keeps copies in several zones')
    if (policy.database.multiAz) return worst(0, 'the standby in the second zone commits synchronously')
    return shippedLog(policy)
  },
  'region-loss': (policy, tier) => {
    if (!hasRecoveryRegion(policy)) return NO_RECOVERY_REGION
    const { replica, configurationCopySeconds, assetReplicationMinutes } = policy.mechanisms
    if (tier === 'configuration') return worst(configurationCopySeconds, 'a change reaches both regions in that time')
    if (tier === 'static-assets') return worst(assetReplicationMinutes * 60, 'replication with a time control')
    if (replica.mode === 'none') return dailyCopy(policy)
    const { lagAlarmSeconds, lagAlarmDatapoints, lagResponseSeconds } = replica
    return worst(
      lagAlarmSeconds + lagAlarmDatapoints * DATAPOINT_SECONDS + lagResponseSeconds,
      `lag alarm at ${lagAlarmSeconds} s, ${lagAlarmDatapoints} datapoints of ${DATAPOINT_SECONDS} s until it rings, ${lagResponseSeconds} s to react`,
    )
  },
  // From the restore target to the corrupting event; writes after the event are listed for re-entry.
  corruption: (policy, tier) =>
    inDatabase(tier) ? shippedLog(policy) : worst(0, 'every change keeps the version before it'),
  'bad-release': () => worst(0, 'a rollback replaces the release and keeps the data; damaged data is corruption'),
}

const shippedLog = ({ mechanisms }: Policy): WorstCase =>
  worst(mechanisms.pointInTimeLogSeconds, `RDS ships its log every ${mechanisms.pointInTimeLogSeconds} s`)

function dailyCopy({ backup: { schedule, geoRedundancy } }: Policy): WorstCase {
  if (geoRedundancy.mode === 'single-region') return worst(Infinity, geoRedundancy.reason)
  const gap = worstGapHours(schedule.cron, schedule.timeZone)
  return worst(
    gap * 3600 + (schedule.startWindowMinutes + schedule.completionWindowMinutes) * 60,
    `only daily copies: ${gap} h apart at worst, and the windows of start and completion`,
  )
}
