import { projectRegionFailover } from '../../measurement/projection'
import type { Policy } from '../schema'
import { hasRecoveryRegion } from '../two-regions'
import { inDatabase, NO_RECOVERY_REGION, worst, type ScenarioTable, type WorstCase } from './cell'

/** A Multi-AZ instance fails over in 60 to 120 s typically (RDS user guide, Multi-AZ deployments; no upper bound named). */
export const ZONE_FAILOVER_SECONDS = 120
/** Clients follow the client recipe: they retry at least this often. */
export const RECONNECT_SECONDS = 5

/** The longest interruption of each scenario, from its detection, by the mechanisms the policy declares. */
export const recoveryTime: ScenarioTable = {
  'zone-loss': (policy, tier) => {
    if (!inDatabase(tier)) return worst(0, 'the regional service goes on in the other zones')
    if (!policy.database.multiAz) return restoreBeside(policy)
    return worst(
      ZONE_FAILOVER_SECONDS + RECONNECT_SECONDS,
      `RDS fails over in ${ZONE_FAILOVER_SECONDS} s (typical upper figure), clients return in ${RECONNECT_SECONDS} s`,
    )
  },
  'region-loss': (policy, tier) => {
    if (!hasRecoveryRegion(policy)) return NO_RECOVERY_REGION
    if (policy.mechanisms.replica.mode === 'none' && inDatabase(tier)) return restoreBeside(policy)
    const { items, totalSeconds } = projectRegionFailover(policy, { reconnectSeconds: RECONNECT_SECONDS })
    const asks = policy.failover.operation === 'approval' ? policy.failover.approvalExpiresSeconds : 0
    return worst(
      totalSeconds + asks,
      [...(asks > 0 ? [`approval ${asks} s`] : []), ...items.map(({ name, seconds }) => `${name} ${seconds} s`)].join(
        ', ',
      ),
    )
  },
  corruption: (policy, tier) =>
    inDatabase(tier) ? restoreBeside(policy) : worst(rollback(policy), 'the version before is put back'),
  'bad-release': (policy, tier) =>
    tier === 'configuration'
      ? worst(policy.mechanisms.configurationCopySeconds, 'the previous values reach both regions in that time')
      : worst(rollback(policy), 'the previous release is restored'),
}

const rollback = ({ mechanisms }: Policy): number => mechanisms.releaseRollbackMinutes * 60

/** A restore beside the damaged database always asks a person first. */
function restoreBeside({ database, failover, mechanisms, pace }: Policy): WorstCase {
  const restoreSeconds = (database.sizeGigabytes / database.restoreGigabytesPerHour) * 3600
  return worst(
    failover.approvalExpiresSeconds +
      mechanisms.pointInTimeLogSeconds +
      restoreSeconds +
      failover.timeouts.validateSeconds +
      pace.dns.ttlSeconds +
      RECONNECT_SECONDS,
    `approval ${failover.approvalExpiresSeconds} s, last log ${mechanisms.pointInTimeLogSeconds} s, ${database.sizeGigabytes} GB at ${database.restoreGigabytesPerHour} GB/h, validation ${failover.timeouts.validateSeconds} s, switch`,
  )
}
