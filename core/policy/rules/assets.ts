import { when, type Rule } from './rule'

/** The only time S3's replication time control knows (S3 user guide, "Replication Time Control"). */
const TIME_CONTROL_MINUTES = 15

export const assetRules: readonly Rule[] = [
  {
    id: 'assetReplicationIsTimeControlled',
    promise: 'the time promised for copies of assets is the one S3 controls',
    reads: ['mechanisms.assetReplicationMinutes'],
    check: ({ mechanisms: { assetReplicationMinutes } }) =>
      when(
        assetReplicationMinutes < TIME_CONTROL_MINUTES,
        'mechanisms.assetReplicationMinutes',
        `is ${assetReplicationMinutes}, S3 controls only ${TIME_CONTROL_MINUTES} minutes`,
        `use ${TIME_CONTROL_MINUTES} or more`,
      ),
  },
  {
    id: 'assetAlarmFollowsTimeControl',
    promise: 'the alarm of late assets rings for what is late, not for what is on its way',
    reads: ['assets.replicationAlarmMinutes', 'mechanisms.assetReplicationMinutes'],
    check: ({ assets: { replicationAlarmMinutes: alarm }, mechanisms: { assetReplicationMinutes: expected } }) =>
      when(
        alarm < expected,
        'assets.replicationAlarmMinutes',
        `is ${alarm}, copies may take ${expected}`,
        `use at least ${expected}`,
      ),
  },
  {
    id: 'assetAlarmLeavesTimeToAct',
    promise: 'late assets are known with half of their objective left',
    reads: ['assets.replicationAlarmMinutes', 'objectives.rpo.staticAssetsMinutes'],
    check: ({ assets: { replicationAlarmMinutes: alarm }, objectives: { rpo } }) =>
      when(
        alarm > rpo.staticAssetsMinutes / 2,
        'assets.replicationAlarmMinutes',
        `is ${alarm}, more than half of the objective of ${rpo.staticAssetsMinutes}`,
        `use at most ${rpo.staticAssetsMinutes / 2}`,
      ),
  },
]
