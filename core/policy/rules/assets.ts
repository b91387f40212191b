import { hasRecoveryRegion } from '../two-regions'
import { rule, when, type Rules } from './rule'

/** The only time S3's replication time control knows (S3 user guide, "Replication Time Control"). */
const TIME_CONTROL_MINUTES = 15

const assetReplicationIsTimeControlled = rule(
  'the time promised for copies of assets is the one S3 controls',
  ['mechanisms.assetReplicationMinutes'],
  ({ mechanisms: { assetReplicationMinutes } }) =>
    when(
      assetReplicationMinutes < TIME_CONTROL_MINUTES,
      'mechanisms.assetReplicationMinutes',
      `is ${assetReplicationMinutes}, S3 controls only ${TIME_CONTROL_MINUTES} minutes`,
      `use ${TIME_CONTROL_MINUTES} or more`,
    ),
)

const assetAlarmFollowsTimeControl = rule(
  'the alarm of late assets rings for what is late, not for what is on its way',
  ['assets.replicationAlarmMinutes', 'mechanisms.assetReplicationMinutes'],
  ({ assets: { replicationAlarmMinutes: alarm }, mechanisms: { assetReplicationMinutes: expected } }) =>
    when(
      alarm < expected,
      'assets.replicationAlarmMinutes',
      `is ${alarm}, copies may take ${expected}`,
      `use at least ${expected}`,
    ),
)

const assetAlarmLeavesTimeToAct = rule(
  'late assets are known with half of their objective left',
  ['assets.replicationAlarmMinutes', 'objectives.rpo.staticAssetsMinutes'],
  ({ assets: { replicationAlarmMinutes: alarm }, objectives: { rpo } }) =>
    when(
      alarm > rpo.staticAssetsMinutes / 2,
      'assets.replicationAlarmMinutes',
      `is ${alarm}, more than half of the objective of ${rpo.staticAssetsMinutes}`,
      `use at most ${rpo.staticAssetsMinutes / 2}`,
    ),
)

// After a swap the region that writes is the one that only received: what is written there has no copy until copies go both ways.
const whatIsWrittenAwayIsCopiedBack = rule(
  'what is written while the recovery region serves has a copy, or somebody said why not',
  ['topology.active', 'topology.oneWayReason', 'assets.replication', 'archive.replication'],
  (policy) => {
    if (!hasRecoveryRegion(policy)) return []
    const { topology, assets, archive } = policy
    const alone = topology.active === 'recovery' && topology.oneWayReason === undefined
    return Object.entries({ assets, archive }).flatMap(([kind, { replication }]) =>
      when(
        alone && replication === 'to-recovery',
        `${kind}.replication`,
        "is 'to-recovery' while the recovery region serves: new objects have one copy",
        "use 'both-ways' once both regions stand, with its transfer; until then write topology.oneWayReason",
      ),
    )
  },
)

export const assetRules: Rules = {
  assetReplicationIsTimeControlled,
  assetAlarmFollowsTimeControl,
  assetAlarmLeavesTimeToAct,
  whatIsWrittenAwayIsCopiedBack,
}
