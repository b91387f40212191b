import type { Policy } from '../../../../core/policy'

type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Draft<T[K]> }
    : T

/** A change that breaks one rule, and where the problem is then expected. */
export interface Example {
  readonly rule: string
  readonly path: string
  readonly change: (policy: Draft<Policy>) => void
}

const example = (rule: string, path: string, change: Example['change']): Example => ({ rule, path, change })

const complianceLock = (irreversibleAcknowledgement: string) => ({
  mode: 'compliance' as const,
  minRetentionDays: 90,
  maxRetentionDays: 400,
  changeableForDays: 3,
  irreversibleAcknowledgement,
})

export const EXAMPLES: readonly Example[] = [
  example('regionsAreDistinct', 'topology.regions.witness', (p) => (p.topology.regions.witness = 'sa-east-1')),
  example('regionsAreDistinct', 'topology.regions.recovery', (p) => (p.topology.regions.recovery = 'sa-east-1')),
  example('presetNamesItsRegion', 'topology.regions.recovery', (p) => (p.topology.preset = 'us-east-2')),
  example('onePrimaryInstance', 'topology.instances', (p) => {
    p.topology.instances[1] = { generation: 2, region: 'primary', role: 'primary' }
  }),
  example(
    'activeRegionHasAnInstance',
    'topology.active',
    (p) => (p.topology.instances = p.topology.instances.slice(1)) && (p.topology.active = 'primary'),
  ),
  example('replicaFollowsAnInstance', 'topology.instances.1.source', (p) => delete p.topology.instances[1]?.source),
  example('replicaFollowsAnInstance', 'topology.instances.0.source', (p) => (p.topology.instances[0]!.source = 2)),
  example(
    'replicaFollowsAnInstance',
    'topology.instances.1.region',
    (p) => (p.topology.instances[1]!.region = 'primary'),
  ),
  example('generationsAreUnique', 'topology.instances.1.generation', (p) => (p.topology.instances[1]!.generation = 1)),
  example(
    'zonesBelongToTheirRegion',
    'topology.availabilityZones.recovery.0',
    (p) => (p.topology.availabilityZones.recovery[0] = 'sa-east-1a'),
  ),
  example(
    'multiAzNeedsTwoZones',
    'topology.availabilityZones.primary',
    (p) => (p.topology.availabilityZones.primary = ['sa-east-1a']),
  ),
  example('networksDoNotOverlap', 'topology.network.recovery.cidr', (p) => {
    p.topology.network.recovery = p.topology.network.primary
  }),
  example('engineVersionMatchesMajor', 'database.engineVersion', (p) => (p.database.engineVersion = '17.6')),
  example('storageHoldsTheData', 'database.storageGigabytes', (p) => (p.database.storageGigabytes = 110)),
  example('everyFlowHasATransfer', 'transfers', (p) => p.transfers.shift()),
  example('personalDataNeedsALegalMechanism', 'transfers.4.mechanism', (p) => (p.transfers[4]!.personalData = true)),
  example('adequacyCoversTheDestination', 'transfers.0.mechanism', (p) => (p.transfers[0]!.to = 'us-east-2')),

  example('scheduleIsReadable', 'backup.schedule.cron', (p) => (p.backup.schedule.cron = 'cron(0 2 * * * *)')),
  example('backupIsDaily', 'backup.schedule.cron', (p) => (p.backup.schedule.cron = 'cron(0 2 ? * MON-FRI *)')),
  example('pointInTimeWithinServiceLimit', 'backup.pointInTimeRetentionDays', (p) => {
    p.backup.pointInTimeRetentionDays = 36
  }),
  example('snapshotsKeptNinetyDays', 'backup.snapshotRetentionDays', (p) => (p.backup.snapshotRetentionDays = 89)),
  example('snapshotsOutlivePointInTime', 'backup.snapshotRetentionDays', (p) => (p.backup.snapshotRetentionDays = 35)),
  example('databaseHasNoColdStorage', 'backup.coldStorageAfterDays', (p) => (p.backup.coldStorageAfterDays = 30)),
  example('pointInTimeLockAcceptsItsBackups', 'backup.vaults.pointInTime.lock.minRetentionDays', (p) => {
    p.backup.vaults.pointInTime.lock = { mode: 'governance', minRetentionDays: 36, maxRetentionDays: 90 }
  }),
  example('snapshotLocksAcceptSnapshots', 'backup.vaults.copies.lock', (p) => {
    p.backup.vaults.copies.lock = { mode: 'governance', minRetentionDays: 7, maxRetentionDays: 89 }
  }),
  example('lockRangeIsOrdered', 'backup.vaults.snapshots.lock', (p) => {
    p.backup.vaults.snapshots.lock = { mode: 'governance', minRetentionDays: 91, maxRetentionDays: 90 }
  }),
  example(
    'complianceLockIsAcknowledged',
    'backup.vaults.snapshots.lock.irreversibleAcknowledgement',
    (p) => (p.backup.vaults.snapshots.lock = complianceLock('yes')),
  ),
  // 02:00 in Sao Paulo is 05:00 in UTC; with a start window of an hour the backup can still start at 06:00.
  example('backupClearOfMaintenance', 'database.maintenanceWindow.startUtc', (p) => {
    p.database.maintenanceWindow.startUtc = '06:30'
  }),
  example('windowsAreOrdered', 'backup.schedule.completionWindowMinutes', (p) => {
    p.backup.schedule.completionWindowMinutes = 60
  }),
  example('promotionKeepsPointInTime', 'failover.promotedBackupRetentionDays', (p) => {
    p.failover.promotedBackupRetentionDays = 1
  }),
  example('crossRegionLogsOnlyWhereRdsShipsThem', 'mechanisms.crossRegionPointInTime.region', (p) => {
    p.mechanisms.crossRegionPointInTime = { mode: 'replicated', region: 'eu-west-1' }
  }),

  example('leaseIsRenewedInTime', 'pace.lease.durationSeconds', (p) => (p.pace.lease.renewEverySeconds = 30)),
  example('marginCoversClocks', 'rehearsal.pace.lease.marginSeconds', (p) => {
    p.rehearsal.pace.lease.marginSeconds = 0.05
  }),
  example('probeAnswersBeforeDeclaration', 'pace.detection.probeTimeoutSeconds', (p) => {
    p.pace.detection.probeTimeoutSeconds = 30
  }),
  example('pauseIsNoFailure', 'rehearsal.pace.detection.consecutiveFailures', (p) => {
    p.rehearsal.pace.detection.consecutiveFailures = 4
  }),
  example('fenceAttemptFitsTheLease', 'pace.fenceAttemptSeconds', (p) => (p.pace.fenceAttemptSeconds = 76)),
  example('fenceTimeoutCoversTheLease', 'failover.timeouts.fenceSeconds', (p) => {
    p.failover.timeouts.fenceSeconds = 95
  }),
  example('switchOutlastsTheCache', 'failover.timeouts.switchSeconds', (p) => (p.pace.dns.ttlSeconds = 300)),
  example('rehearsalIsFaster', 'rehearsal.pace.lease.durationSeconds', (p) => {
    p.rehearsal.pace.lease = { durationSeconds: 61, marginSeconds: 15, renewEverySeconds: 10 }
  }),
  example('patientDataIsStrictest', 'objectives.rpo.patientMinutes', (p) => (p.objectives.rpo.patientMinutes = 16)),
  example('criticalServicesComeFirst', 'objectives.rto.criticalServicesMinutes', (p) => {
    p.objectives.rto.fullSystemMinutes = 60
  }),
  example('availabilityAlarmsBelowTarget', 'kpis.availability.alertBelowPercent', (p) => {
    p.kpis.availability.alertBelowPercent = 99.9
  }),
  example('recoveryAlarmAfterTarget', 'kpis.recoveryTime.alertAboveMinutes', (p) => {
    p.kpis.recoveryTime.alertAboveMinutes = 60
  }),
  example(
    'recoveryAlarmAfterTarget',
    'kpis.recoveryTime.targetMinutes',
    (p) => (p.kpis.recoveryTime.targetMinutes = 90),
  ),
  example('escalationHasNoGap', 'escalation', (p) => (p.escalation[1]!.fromMinutes = 31)),
  example('rollbackBudgetsAreOrdered', 'rollbacks.partial.downtimeMinutes.expected', (p) => {
    p.rollbacks.partial.downtimeMinutes.expected = 6
  }),
  example('medicalRecordsKeptByLaw', 'dataClasses.phi.retentionYears', (p) => (p.dataClasses.phi.retentionYears = 19)),
  example('passwordsAreLongEnough', 'access.authentication.passwordMinLength', (p) => {
    p.access.authentication.passwordMinLength = 11
  }),
  example('tlsMatchesTheStandard', 'database.tlsMinimum', (p) => (p.database.tlsMinimum = 'TLSv1.2')),
  example('storesAreUnique', 'stores.1.id', (p) => (p.stores[1]!.id = p.stores[0]!.id)),
  example('healthDataIsPatientTier', 'stores.0.tier', (p) => (p.stores[0]!.tier = 'critical')),
  example('assetReplicationIsTimeControlled', 'mechanisms.assetReplicationMinutes', (p) => {
    p.mechanisms.assetReplicationMinutes = 5
  }),
  example('assetAlarmFollowsTimeControl', 'assets.replicationAlarmMinutes', (p) => {
    p.assets.replicationAlarmMinutes = 10
  }),
  example('assetAlarmLeavesTimeToAct', 'assets.replicationAlarmMinutes', (p) => {
    p.assets.replicationAlarmMinutes = 721
  }),
  example('codeCopiesOutpaceTheirAlarm', 'code.oldestCopyHours', (p) => (p.code.oldestCopyHours = 24)),
  example('codeIsCheckedOftenEnough', 'code.checkEveryMinutes', (p) => (p.code.checkEveryMinutes = 600)),
  example('codeLockIsAcknowledged', 'code.lock.irreversibleAcknowledgement', (p) => {
    p.code.lock = { mode: 'compliance', irreversibleAcknowledgement: 'yes' }
  }),
  example('documentIsReviewedAfterItStarts', 'documentControl.reviewDate', (p) => {
    p.documentControl.reviewDate = '2025-09-22'
  }),

  example('logAlarmBeforeFullDisk', 'operations.alarms.slotLagGigabytes', (p) => {
    p.operations.alarms.slotLagGigabytes = 51
  }),
  example('escalationReachesContacts', 'escalation.2.notify.0', (p) => (p.escalation[2]!.notify[0] = 'The board')),
]
