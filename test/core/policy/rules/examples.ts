import type { Policy, TwoRegionPolicy } from '../../../../core/policy'
import { neonpro } from '../../../../policy/neonpro'
import { PRESETS } from '../../../policy/presets'

type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]: Draft<T[K]> }
    : T

/** A change that breaks one rule, and where the problem is then expected. */
export interface Example {
  readonly rule: string
  readonly path: string
  readonly broken: Policy
}

const example = <P extends Policy = TwoRegionPolicy>(
  rule: string,
  path: string,
  change: (policy: Draft<P>) => unknown,
  base: Policy = neonpro,
): Example => {
  const broken = structuredClone(base)
  change(broken as Draft<P>)
  return { rule, path, broken }
}
/** For rules that only a topology of one region can break. */
const brazilian = (rule: string, path: string, change: (policy: Draft<Policy>) => unknown): Example =>
  example<Policy>(rule, path, change, PRESETS['brazil-only'])
/** For rules about history that is replicated. */
const ohioan = (rule: string, path: string, change: (policy: Draft<TwoRegionPolicy>) => unknown): Example =>
  example(rule, path, change, PRESETS['us-east-2'])

const complianceLock = (irreversibleAcknowledgement: string) => ({
  mode: 'compliance' as const,
  minRetentionDays: 90,
  maxRetentionDays: 400,
  changeableForDays: 3,
  irreversibleAcknowledgement,
})

/** Moves one end of every transfer, so that a region can change without breaking the register. */
const moveTransfers = (policy: Draft<Policy>, from: string, to: string): void => {
  for (const transfer of policy.transfers) {
    if (transfer.from === from) transfer.from = to
    if (transfer.to === from) transfer.to = to
  }
}

/** Place of the medical records in the register. */
const RECORDS = neonpro.stores.findIndex(({ id }) => id === 'clinic.records')
const DARK = 'the primary region is dark, so nothing can be copied there'
/** Place of the static assets in the register. */
const ASSETS = neonpro.stores.findIndex(({ kind }) => kind === 'bucket')
const bucketOfFiles = (tier: 'patient' | 'critical') => ({
  id: 'files',
  kind: 'bucket' as const,
  rows: 'updated' as const,
  tier,
  dataClass: 'phi' as const,
  legalBasis: 'LGPD art. 11 II f',
  restsOn: 'legal-duty' as const,
  archive: { mode: 'none' as const, reason: 'partners keep the originals of what they send' },
})
/** Place of the store of settings in the register. */
const SETTINGS = neonpro.stores.findIndex(({ kind }) => kind === 'parameters')

const COPIES_IN_ANOTHER_ACCOUNT = {
  mode: 'copies' as const,
  accountId: '444455556666',
  region: 'sa-east-1',
  retentionDays: 90,
  lock: { mode: 'governance' as const, minRetentionDays: 90, maxRetentionDays: 400 },
}

/** The restore tests of the policy that every example starts from. */
function dumpOf({ archive: { dump } }: Draft<Policy>) {
  if (dump.mode === 'none') throw new Error('the policy under test takes no dumps')
  return dump
}

function scheduledTests({ restoreTesting }: Draft<Policy>) {
  if (restoreTesting.mode === 'none') throw new Error('the examples start from a policy that tests restores')
  return restoreTesting
}

const DELAYED = { mode: 'delayed' as const, generation: 3, source: 1, applyDelayMinutes: 60 }
const sshKey = (letter: string) => `ssh-ed25519 ${letter.repeat(68)}`
const partner = (name: string, letter: string) => ({
  name,
  purpose: 'laboratory results',
  sshPublicKeys: [sshKey(letter)],
})

/** Turns the exchange of files on, with the transfer that it makes. */
const exchange = (p: Draft<Policy>, store: string, ...partners: ReturnType<typeof partner>[]) => {
  p.fileTransfer = { mode: 'sftp', store, copyAlarmMinutes: 30, partners }
  p.transfers.push({ ...p.transfers[0]!, flow: 'partner-files' })
}

const IMPORTED_KEY = 'arn:aws:kms:sa-east-1:111122223333:key/0000'
const IMPORTED = {
  mode: 'import' as const,
  generation: 1,
  instanceIdentifier: 'clinic',
  endpointHost: 'clinic.abc123.sa-east-1.rds.amazonaws.com',
  port: 5432,
  resourceId: 'db-ABC123',
  securityGroupId: 'sg-0123',
  kmsKeyArn: IMPORTED_KEY,
  ownerSecretArn: 'arn:aws:secretsmanager:sa-east-1:111122223333:secret:clinic-owner-AbCdEf',
  ownerSecretKeyArn: IMPORTED_KEY,
  backupRetentionDays: 35,
}
const importDatabase = (p: Draft<TwoRegionPolicy>, change: Partial<typeof IMPORTED> = {}): void => {
  p.imports.database = { ...IMPORTED, ...change }
  p.topology.network.primary = importedNetwork(p.topology.network.primary.cidr)
}
const importedNetwork = (cidr: string) => ({
  mode: 'import' as const,
  cidr,
  vpcId: 'vpc-1',
  isolatedSubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
})
const importedKey = (region: 'primary' | 'recovery') => ({ region, purpose: 'backup' as const, arn: IMPORTED_KEY })

export const EXAMPLES: readonly Example[] = [
  example('regionsAreDistinct', 'topology.regions.witness', (p) => {
    p.topology.regions.witness = 'sa-east-1'
    moveTransfers(p, 'eu-central-1', 'sa-east-1')
  }),
  example('regionsAreDistinct', 'topology.regions.recovery', (p) => {
    p.topology.regions.primary = 'eu-west-1'
    p.topology.availabilityZones.primary = p.topology.availabilityZones.recovery
    moveTransfers(p, 'sa-east-1', 'eu-west-1')
    for (const transfer of p.transfers)
      if (transfer.mechanism.kind === 'comes-home') transfer.mechanism = p.transfers[0]!.mechanism
  }),
  example('presetNamesItsRegion', 'topology.regions.recovery', (p) => (p.topology.preset = 'us-east-2')),
  brazilian('oneRegionMeansBrazil', 'topology.regions.primary', (p) => {
    p.topology.regions.primary = 'us-east-1'
    p.topology.availabilityZones.primary = ['us-east-1a', 'us-east-1b']
  }),
  brazilian('crossRegionMechanismsHaveARegion', 'backup.geoRedundancy.mode', (p) => {
    p.backup.geoRedundancy = { mode: 'multi-region' }
  }),
  brazilian('crossRegionMechanismsHaveARegion', 'mechanisms.replica.mode', (p) => {
    p.mechanisms.replica = neonpro.mechanisms.replica
    p.topology.instances.push({ generation: 2, region: 'recovery', role: 'replica', source: 1 })
  }),
  brazilian('crossRegionMechanismsHaveARegion', 'mechanisms.crossRegionPointInTime.mode', (p) => {
    p.mechanisms.crossRegionPointInTime = PRESETS['us-east-2'].mechanisms.crossRegionPointInTime
  }),
  example(
    'zonesBelongToTheirRegion',
    'topology.availabilityZones.recovery.0',
    (p) => (p.topology.availabilityZones.recovery[0] = 'sa-east-1a'),
  ),
  ...(['primary', 'recovery'] as const).map((role) =>
    example('multiAzNeedsTwoZones', `topology.availabilityZones.${role}`, (p) => {
      p.topology.availabilityZones[role] = p.topology.availabilityZones[role].slice(1, 2)
    }),
  ),
  // A quarter of the primary network, the whole of it, and a range of which it is a part.
  ...['10.20.12.0/22', '10.20.0.0/20', '10.16.0.0/12'].map((cidr) =>
    example('networksDoNotOverlap', 'topology.network.recovery.cidr', (p) => {
      p.topology.network.recovery = { mode: 'create', cidr }
    }),
  ),

  example('onePrimaryInstance', 'topology.instances', (p) =>
    p.topology.instances.push({ generation: 3, region: 'primary', role: 'primary' }),
  ),
  example('whatIsWrittenAwayIsCopiedBack', 'assets.replication', (p) => {
    p.topology.active = 'recovery'
  }),
  example('whatIsWrittenAwayIsCopiedBack', 'archive.replication', (p) => {
    p.topology.active = 'recovery'
    p.assets.replication = 'both-ways'
    p.transfers.push({ ...p.transfers.find(({ flow }) => flow === 'assets')!, from: 'eu-west-1', to: 'sa-east-1' })
  }),
  example('activeRegionHasAnInstance', 'topology.active', (p) => {
    p.topology.instances.pop()
    p.topology.active = 'recovery'
    p.topology.oneWayReason = DARK
    p.mechanisms.replica = { mode: 'none', reason: 'no replica is paid for yet' }
    p.transfers.shift()
  }),
  example('primaryFollowsNothing', 'topology.instances.0.source', (p) => (p.topology.instances[0]!.source = 1)),
  example('replicaFollowsAnInstance', 'topology.instances.2.source', (p) =>
    p.topology.instances.push({ generation: 3, region: 'recovery', role: 'replica' }),
  ),
  example('replicaFollowsAnInstance', 'topology.instances.2.region', (p) =>
    p.topology.instances.push({ generation: 3, region: 'primary', role: 'replica', source: 1 }),
  ),
  example('replicaIsDeclaredAsMechanism', 'mechanisms.replica.mode', (p) => {
    p.mechanisms.replica = { mode: 'none', reason: 'no replica is paid for yet' }
  }),
  example('generationsAreUnique', 'topology.instances.1.generation', (p) => (p.topology.instances[1]!.generation = 1)),
  example(
    'onlyAWriterIsAdopted',
    'topology.instances.1.adoption',
    (p) =>
      (p.topology.instances[1]!.adoption = {
        state: 'released',
        endpointAddress: 'db-g2.example',
        resourceId: 'db-EXAMPLE',
      }),
  ),
  example('restoredStandsBesideItsSource', 'topology.instances.2.adoption', (p) => {
    p.topology.instances.push({ generation: 3, region: 'primary', role: 'restored', source: 1 })
  }),
  example('restoredStandsBesideItsSource', 'topology.instances.2.source', (p) => {
    p.topology.instances.push({
      generation: 3,
      region: 'primary',
      role: 'restored',
      source: 2,
      adoption: { state: 'adopted' },
    })
  }),
  example('delayIsSupportedByTheVersion', 'mechanisms.delayedReplica.mode', (p) => {
    p.mechanisms.delayedReplica = DELAYED
  }),
  example('delayIsSupportedByTheVersion', 'mechanisms.delayedReplica.mode', (p) => {
    Object.assign(p.database, { engineMajor: 17, engineVersion: '17.5' })
    p.mechanisms.delayedReplica = DELAYED
  }),
  example('delayedReplicaHasItsOwnGeneration', 'mechanisms.delayedReplica.generation', (p) => {
    Object.assign(p.database, { engineMajor: 17, engineVersion: '17.6' })
    p.mechanisms.delayedReplica = { ...DELAYED, generation: 2 }
  }),
  example('delayedReplicaFollowsAnInstance', 'mechanisms.delayedReplica.source', (p) => {
    Object.assign(p.database, { engineMajor: 17, engineVersion: '17.6' })
    p.mechanisms.delayedReplica = { ...DELAYED, source: 2 }
  }),
  example('importedDatabaseIsAPrimary', 'imports.database.generation', (p) => {
    importDatabase(p, { generation: 2, kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0000' })
    p.topology.network.recovery = importedNetwork(p.topology.network.recovery.cidr)
  }),
  example('importedDatabaseStandsInAnImportedNetwork', 'topology.network.primary.mode', (p) => {
    p.imports.database = IMPORTED
  }),
  example('importedDatabaseKeepsThePlansRetention', 'imports.database.backupRetentionDays', (p) => {
    importDatabase(p, { backupRetentionDays: 7 })
  }),
  example('importedDatabaseKeyIsItsOwn', 'imports.database.kmsKeyArn', (p) => {
    importDatabase(p, { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0000' })
  }),
  example(
    'importedDatabaseReplicatesNoHistory',
    'imports.database.mode',
    (p) => importDatabase(p),
    PRESETS['us-east-2'],
  ),
  example('importedKeysAreOfTheirRegion', 'imports.keys.existing.0.arn', (p) => {
    p.imports.keys = { mode: 'import', existing: [importedKey('recovery')] }
  }),
  example('importedKeysAreNamedOnce', 'imports.keys.existing.1.purpose', (p) => {
    p.imports.keys = { mode: 'import', existing: [importedKey('primary'), importedKey('primary')] }
  }),
  example('engineVersionMatchesMajor', 'database.engineVersion', (p) => (p.database.engineVersion = '17.6')),
  example('storageHoldsTheData', 'database.storageGigabytes', (p) => {
    p.database.storageGigabytes = 110
    p.operations.alarms.logDiskGigabytes = p.operations.alarms.slotLagGigabytes = 5
  }),

  ...(['database-replica', 'backup-copies', 'evidence', 'coordination'] as const).map((flow) =>
    example('everyFlowHasATransfer', 'transfers', (p) => {
      p.transfers = p.transfers.filter((transfer) => transfer.flow !== flow)
    }),
  ),
  ohioan('everyFlowHasATransfer', 'transfers', (p) => p.transfers.pop()),
  example('everyTransferIsMade', 'transfers.0', (p) => p.transfers.unshift({ ...p.transfers[0]!, to: 'eu-west-3' })),
  example('databaseFlowsArePersonal', 'transfers.0.personalData', (p) => (p.transfers[0]!.personalData = false)),
  example('personalDataNeedsALegalMechanism', 'transfers.4.mechanism', (p) => (p.transfers[4]!.personalData = true)),
  ohioan('adequacyCoversTheDestination', 'transfers.0.mechanism', (p) => {
    p.transfers[0]!.mechanism = { kind: 'adequacy', decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' }
  }),
  example('onlyBrazilIsHome', 'transfers.0.mechanism', (p) => {
    p.transfers[0]!.mechanism = { kind: 'comes-home', reason: 'the clinic has patients there too, some of them' }
  }),
  // London is no city of the European Union, whatever the name of its region begins with.
  example('adequacyCoversTheDestination', 'transfers.0.mechanism', (p) => {
    p.topology.regions.witness = 'eu-west-2'
    moveTransfers(p, 'eu-central-1', 'eu-west-2')
    p.transfers.unshift(
      ...p.transfers.splice(
        p.transfers.findIndex(({ to }) => to === 'eu-west-2'),
        1,
      ),
    )
    p.transfers[0]!.mechanism = { kind: 'adequacy', decision: 'Resolution CD/ANPD 32/2026', since: '2026-01-26' }
  }),

  example('scheduleIsReadable', 'backup.schedule.cron', (p) => (p.backup.schedule.cron = 'cron(0 2 * * * *)')),
  example('backupIsDaily', 'backup.schedule.cron', (p) => (p.backup.schedule.cron = 'cron(0 2 ? * MON-FRI *)')),
  example('scheduleIsReadable', 'backup.schedule.continuousCron', (p) => {
    p.backup.schedule.continuousCron = 'cron(0 18 * * * *)'
  }),
  example('backupIsDaily', 'backup.schedule.continuousCron', (p) => {
    p.backup.schedule.continuousCron = 'cron(0 18 ? * MON-FRI *)'
  }),
  example('pointInTimeWithinServiceLimit', 'backup.pointInTimeRetentionDays', (p) => {
    p.backup.pointInTimeRetentionDays = p.failover.promotedBackupRetentionDays = 36
    p.backup.vaults.pointInTime.lock = { mode: 'governance', minRetentionDays: 1, maxRetentionDays: 36 }
  }),
  example('snapshotsKeptNinetyDays', 'backup.snapshotRetentionDays', (p) => {
    p.backup.snapshotRetentionDays = 89
    const lock = { mode: 'governance' as const, minRetentionDays: 7, maxRetentionDays: 400 }
    p.backup.vaults.snapshots.lock = p.backup.vaults.copies.lock = lock
  }),
  example('databaseHasNoColdStorage', 'backup.coldStorageAfterDays', (p) => (p.backup.coldStorageAfterDays = 30)),
  example('pointInTimeLockAcceptsItsBackups', 'backup.vaults.pointInTime.lock', (p) => {
    p.backup.vaults.pointInTime.lock = { mode: 'governance', minRetentionDays: 36, maxRetentionDays: 90 }
  }),
  example('snapshotLocksAcceptSnapshots', 'backup.vaults.copies.lock', (p) => {
    p.backup.vaults.copies.lock = { mode: 'governance', minRetentionDays: 91, maxRetentionDays: 400 }
  }),
  example(
    'complianceLockIsAcknowledged',
    'backup.vaults.snapshots.lock.irreversibleAcknowledgement',
    (p) => (p.backup.vaults.snapshots.lock = complianceLock('yes')),
  ),
  example('complianceLockIsAcknowledged', 'evidence.lock.irreversibleAcknowledgement', (p) => {
    p.evidence.lock = { mode: 'compliance', irreversibleAcknowledgement: 'yes' }
  }),
  // 02:00 in Sao Paulo is 05:00 in UTC; with both windows the backup ends at 08:00 at the latest.
  example('backupClearOfMaintenance', 'backup.schedule.cron', (p) => {
    p.database.maintenanceWindow.startUtc = '08:59'
  }),
  // The daily backup is an hour apart on every day, the weekly one only if it is not on the day of maintenance.
  example('backupClearOfMaintenance', 'backup.longTermTiers.0.cron', (p) => {
    p.backup.longTermTiers[0]!.cron = 'cron(0 5 ? * SUN *)'
  }),
  example('backupsDoNotOverlap', 'backup.longTermTiers.0.cron', (p) => {
    p.backup.longTermTiers[0]!.cron = 'cron(59 4 ? * SAT *)'
  }),
  // At the time of the daily snapshot, which is kept longer: no continuous backup would ever be made.
  example('backupsDoNotOverlap', 'backup.schedule.continuousCron', (p) => {
    p.backup.schedule.continuousCron = p.backup.schedule.cron
  }),
  example('startWindowIsAccepted', 'backup.schedule.startWindowMinutes', (p) => {
    p.backup.schedule.startWindowMinutes = 30
  }),
  example('tierScheduleIsReadable', 'backup.longTermTiers.1.cron', (p) => {
    p.backup.longTermTiers[1]!.cron = 'cron(0 22 L * ? *)'
  }),
  example('tierNamesAreUnique', 'backup.longTermTiers.1.name', (p) => (p.backup.longTermTiers[1]!.name = 'weekly')),
  example('tierKeepsLongerThanSnapshots', 'backup.longTermTiers.0.retentionDays', (p) => {
    p.backup.longTermTiers[0]!.retentionDays = 90
  }),
  example('tierRecursBeforeItEnds', 'backup.longTermTiers.0.retentionDays', (p) => {
    p.backup.longTermTiers[0]!.cron = 'cron(0 14 2 1 ? *)'
  }),
  example('tierEndsWithItsDataClass', 'backup.longTermTiers.1.dataClasses.2', (p) => {
    p.backup.longTermTiers[1]!.dataClasses.push('public')
  }),
  example('lockAcceptsTiers', 'backup.longTermTiers.1.retentionDays', (p) => {
    p.backup.longTermTiers[1]!.retentionDays = 401
  }),
  example('restoreTestScheduleIsReadable', 'restoreTesting.cron', (p) => {
    scheduledTests(p).cron = 'cron(0 10 L * ? *)'
  }),
  example('restoresAreTestedWeekly', 'restoreTesting.cron', (p) => (scheduledTests(p).cron = 'cron(0 10 1 * ? *)')),
  // A day between two backups, three hours of windows and one of the test: a window of one day can be empty.
  example('selectionWindowHoldsARecoveryPoint', 'restoreTesting.selectionWindowDays', (p) => {
    scheduledTests(p).selectionWindowDays = 1
  }),
  ...[7, 15].map((days) =>
    example('restoresStayProven', 'restoreTesting.provenWithinDays', (p) => {
      if (p.restoreTesting.mode === 'scheduled') p.restoreTesting.provenWithinDays = days
    }),
  ),
  example('testedRecoveryPointsStillExist', 'restoreTesting.selectionWindowDays', (p) => {
    scheduledTests(p).selectionWindowDays = 91
  }),
  example('examinationFitsAFunction', 'restoreTesting.examinationSeconds', (p) => {
    scheduledTests(p).examinationSeconds = 781
  }),
  example('secondAccountIsAnother', 'backup.secondAccount.accountId', (p) => {
    p.backup.secondAccount = { ...COPIES_IN_ANOTHER_ACCOUNT, accountId: p.topology.accountId }
  }),
  example('secondAccountStaysInKnownRegions', 'backup.secondAccount.region', (p) => {
    p.backup.secondAccount = { ...COPIES_IN_ANOTHER_ACCOUNT, region: 'us-east-1' }
  }),
  example('secondAccountStaysInKnownRegions', 'backup.secondAccount.region', (p) => {
    p.backup.secondAccount = { ...COPIES_IN_ANOTHER_ACCOUNT, region: 'eu-central-1' }
  }),
  example('secondAccountIsLocked', 'backup.secondAccount.lock.mode', (p) => {
    const lock = { mode: 'none' as const, reason: 'nobody has written down why' }
    p.backup.secondAccount = { ...COPIES_IN_ANOTHER_ACCOUNT, lock }
  }),
  example('secondAccountIsLocked', 'backup.secondAccount.lock', (p) => {
    p.backup.secondAccount = { ...COPIES_IN_ANOTHER_ACCOUNT, retentionDays: 89 }
  }),
  example('secondAccountIsLocked', 'backup.secondAccount.lock.irreversibleAcknowledgement', (p) => {
    p.backup.secondAccount = { ...COPIES_IN_ANOTHER_ACCOUNT, lock: complianceLock('yes') }
  }),
  example('windowsAreOrdered', 'backup.schedule.completionWindowMinutes', (p) => {
    p.backup.schedule.completionWindowMinutes = 60
  }),
  example('promotionKeepsPointInTime', 'failover.promotedBackupRetentionDays', (p) => {
    p.failover.promotedBackupRetentionDays = 1
  }),
  example('bucketBackupsEndWithinADay', 'backup.schedule.bucketCompletionWindowMinutes', (p) => {
    p.backup.schedule.bucketCompletionWindowMinutes = 1440
  }),
  example('bucketBackupsEndWithinADay', 'backup.schedule.bucketCompletionWindowMinutes', (p) => {
    p.backup.schedule.bucketCompletionWindowMinutes = 90
  }),
  example('replicatedHistoryHasItsPair', 'mechanisms.crossRegionPointInTime.mode', (p) => {
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0000'
    p.mechanisms.crossRegionPointInTime = { mode: 'replicated', retentionDays: 35, kmsKeyArn }
    p.transfers.push({ ...p.transfers[0]!, flow: 'point-in-time-logs' })
  }),
  ohioan('replicatedHistoryKeyIsOfItsRegion', 'mechanisms.crossRegionPointInTime.kmsKeyArn', (p) => {
    const kmsKeyArn = 'arn:aws:kms:sa-east-1:111122223333:key/0000'
    p.mechanisms.crossRegionPointInTime = { mode: 'replicated', retentionDays: 35, kmsKeyArn }
  }),
  ohioan('replicatedHistoryWithinServiceLimit', 'mechanisms.crossRegionPointInTime.retentionDays', (p) => {
    const kmsKeyArn = 'arn:aws:kms:us-east-2:111122223333:key/0000'
    p.mechanisms.crossRegionPointInTime = { mode: 'replicated', retentionDays: 36, kmsKeyArn }
  }),

  example('leaseIsRenewedInTime', 'pace.lease.durationSeconds', (p) => (p.pace.lease.renewEverySeconds = 30)),
  example('marginCoversClocks', 'rehearsal.pace.lease.marginSeconds', (p) => {
    p.rehearsal.pace.lease.marginSeconds = 0.05
  }),
  example('probeAnswersBeforeDeclaration', 'pace.detection.probeTimeoutSeconds', (p) => {
    p.pace.detection.probeTimeoutSeconds = 30
    p.operations.availability.everySeconds = 0.5
  }),
  example('pauseIsNoFailure', 'rehearsal.pace.detection.consecutiveFailures', (p) => {
    p.rehearsal.pace.detection.consecutiveFailures = 4
    p.rehearsal.quiet.stallSeconds = 0.5
  }),
  example('fenceAttemptFitsTheLease', 'pace.fenceAttemptSeconds', (p) => (p.pace.fenceAttemptSeconds = 76)),
  example('fenceTimeoutCoversTheLease', 'failover.timeouts.fenceSeconds', (p) => {
    p.failover.timeouts.fenceSeconds = 95
  }),
  example('switchOutlastsTheCache', 'failover.timeouts.switchSeconds', (p) => (p.pace.dns.ttlSeconds = 300)),
  example('stallsAreNoOutages', 'rehearsal.quiet.stallSeconds', (p) => (p.rehearsal.quiet.stallSeconds = 1.2)),
  example('stallsLeaveTimeToRecover', 'rehearsal.quiet.stallEverySeconds', (p) => {
    p.rehearsal.quiet.stallEverySeconds = 1.5
  }),
  example('quietRunIsLong', 'rehearsal.quiet.seconds', (p) => (p.rehearsal.quiet.seconds = 29)),
  example('copiesAreNoSlowerThanProduction', 'rehearsal.content.configurationCopySeconds', (p) => {
    p.rehearsal.content.configurationCopySeconds = 46
  }),
  example('rehearsalIsFaster', 'rehearsal.pace.lease.durationSeconds', (p) => {
    p.rehearsal.pace.lease = { durationSeconds: 61, marginSeconds: 15, renewEverySeconds: 10 }
  }),
  example('patientDataIsStrictest', 'objectives.rpo.patientMinutes', (p) => (p.objectives.rpo.criticalMinutes = 4)),
  example('criticalServicesComeFirst', 'objectives.rto.criticalServicesMinutes', (p) => {
    p.objectives.rto.fullSystemMinutes = 60
  }),
  example('availabilityAlarmsBelowTarget', 'kpis.availability.alertBelowPercent', (p) => {
    p.kpis.availability.targetPercent = p.kpis.availability.alertBelowPercent
  }),
  example('recoveryAlarmAfterTarget', 'kpis.recoveryTime.alertAboveMinutes', (p) => {
    p.kpis.recoveryTime.alertAboveMinutes = 60
  }),
  example('recoveryTargetIsTheObjective', 'kpis.recoveryTime.targetMinutes', (p) => {
    p.kpis.recoveryTime.targetMinutes = 90
  }),
  example('riskAcceptsMoreThanTheObjective', 'residualRisks.1.acceptedWorstMinutes', (p) => {
    p.residualRisks[1]!.acceptedWorstMinutes = 5
  }),
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
  example('everyTierProtectsAStore', 'stores', (p) => {
    for (const store of p.stores) if (store.tier === 'critical') store.tier = 'patient'
  }),
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
  example(
    'consentStaysOutOfTheArchive',
    `stores.${RECORDS}.archive.mode`,
    (p) => (p.stores[RECORDS]!.restsOn = 'consent'),
  ),
  example('healthDataIsArchived', `stores.${RECORDS}.archive.mode`, (p) => {
    p.stores[RECORDS]!.archive = { mode: 'none', reason: 'the backups are thought to be enough' }
  }),
  example('archivedStoresHaveAnArchive', `stores.${RECORDS}.archive.mode`, (p) => {
    p.stores[RECORDS]!.dataClass = 'operational'
  }),
  example('everyArchiveHoldsAStore', 'archive.classes.operational.mode', (p) => {
    p.archive.classes.operational = p.archive.classes.financial
  }),
  example('onlyTablesAreArchived', `stores.${RECORDS}.archive.mode`, (p) => (p.stores[RECORDS]!.id = 'records')),
  example('healthDataNeverExpires', 'archive.classes.phi.disposal', (p) => {
    p.archive.classes.phi = { mode: 'archive', lock: { mode: 'governance' }, tiers: [], disposal: 'after-retention' }
  }),
  example('copiesEndWithTheFunction', 'archive.export.copyMinutes', (p) => (p.archive.export.copyMinutes = 10)),
  brazilian('dumpHasItsRole', 'archive.dump.mode', (p) => (p.archive.dump = structuredClone(neonpro.archive.dump))),
  example('dumpScheduleIsReadable', 'archive.dump.cron', (p) => (dumpOf(p).cron = 'cron(0 22 L * ? *)')),
  example(
    'everyStateIsDumpedBeforeItsBackupsExpire',
    'archive.dump.cron',
    (p) => (dumpOf(p).cron = 'cron(0 22 1 1,6 ? *)'),
  ),
  example('dumpIsClearOfMaintenance', 'archive.dump.cron', (p) => (dumpOf(p).cron = 'cron(0 3 1 * ? *)')),
  example('fargateHasTheSizeOfTheDump', 'archive.dump.memoryMegabytes', (p) => (dumpOf(p).memoryMegabytes = 2048)),
  example(
    'readBackScheduleIsReadable',
    'archive.readBack.cron',
    (p) => (p.archive.readBack.cron = 'cron(0 22 L * ? *)'),
  ),
  example(
    'archiveIsReadBackEachQuarter',
    'archive.readBack.cron',
    (p) => (p.archive.readBack.cron = 'cron(0 22 12 1,4,7,11 ? *)'),
  ),
  example(
    'fargateHasTheSizeOfTheReadBack',
    'archive.readBack.memoryMegabytes',
    (p) => (p.archive.readBack.memoryMegabytes = 2048),
  ),
  example('archiveTiersAscend', 'archive.classes.financial.tiers.1.afterDays', (p) => {
    p.archive.classes.financial = {
      mode: 'archive',
      lock: { mode: 'governance' },
      tiers: [
        { afterDays: 30, storageClass: 'GLACIER_IR' },
        { afterDays: 119, storageClass: 'DEEP_ARCHIVE' },
      ],
      disposal: 'after-retention',
    }
  }),
  example('archiveTiersAscend', 'archive.classes.financial.tiers.0.afterDays', (p) => {
    p.archive.classes.financial = {
      mode: 'archive',
      lock: { mode: 'governance' },
      tiers: [{ afterDays: 29, storageClass: 'STANDARD_IA' }],
      disposal: 'after-retention',
    }
  }),
  example('archiveAlarmFollowsTimeControl', 'archive.replicationAlarmMinutes', (p) => {
    p.archive.replicationAlarmMinutes = 14
  }),
  example('complianceLockIsAcknowledged', 'archive.classes.pii.lock.irreversibleAcknowledgement', (p) => {
    p.archive.classes.pii = {
      mode: 'archive',
      lock: { mode: 'compliance', irreversibleAcknowledgement: 'yes' },
      tiers: [],
      disposal: 'by-record',
    }
  }),
  ...(['code', 'configuration'] as const).map((part) =>
    example('complianceLockIsAcknowledged', `${part}.lock.irreversibleAcknowledgement`, (p) => {
      p[part].lock = { mode: 'compliance', irreversibleAcknowledgement: 'yes' }
    }),
  ),
  example('configurationCopyIsTriedAgain', 'configuration.copyRetrySeconds', (p) => {
    p.configuration.copyRetrySeconds = 16
  }),
  example('environmentIsBackedUpDaily', 'configuration.backupEveryMinutes', (p) => {
    p.configuration.backupEveryMinutes = 1441
  }),
  example('secretsAreNamedOnce', 'database.logins', (p) => p.configuration.secrets.push('login-clinic-app')),
  example('settingsHaveAPath', `stores.${SETTINGS}.id`, (p) => (p.stores[SETTINGS]!.id = 'neonpro configuration')),
  example('documentIsReviewedAfterItStarts', 'documentControl.reviewDate', (p) => {
    p.documentControl.reviewDate = '2025-09-22'
  }),

  example('logAlarmBeforeFullDisk', 'operations.alarms.slotLagGigabytes', (p) => {
    p.operations.alarms.slotLagGigabytes = 51
  }),
  example('escalationReachesContacts', 'escalation.2.notify.0', (p) => (p.escalation[2]!.notify[0] = 'The board')),
  example('notificationsAreRetriedInTime', 'operations.incidents.notifyAgainMinutes', (p) => {
    p.operations.incidents.notifyAgainMinutes = 15
  }),
  example('oneFailedAttemptRingsNothing', 'operations.availability.attempts', (p) => {
    p.operations.availability.attempts = 39
  }),
  example('attemptsFitTheMinute', 'operations.availability.everySeconds', (p) => {
    p.operations.availability.everySeconds = 1.2
  }),
  example('zoneFailoverLosesNoRegion', 'operations.alarms.regionLostDatapoints', (p) => {
    p.operations.alarms.regionLostDatapoints = 3
  }),
  example('certificateGrowsGraver', 'health.certificate.degradedDays', (p) => {
    p.health.certificate.degradedDays = 7
  }),
  example('healthIsSeenOften', 'health.everyMinutes', (p) => (p.health.everyMinutes = 6)),
  example('findingsGrowGraver', 'governance.findings.highFrom', (p) => {
    p.governance.findings.highFrom = 3
  }),
  example('findingsGrowGraver', 'governance.findings.criticalFrom', (p) => {
    p.governance.findings.criticalFrom = 6
  }),
  example('writesOfTheEvidenceAreRecorded', 'governance.trail.dataEvents', (p) => {
    if (p.governance.trail.mode === 'create') p.governance.trail.dataEvents = ['code']
  }),
  example('zonesAreTwo', 'dns.privateZone.hostedZoneId', (p) => {
    p.dns.privateZone = { mode: 'existing', hostedZoneId: p.dns.hostedZoneId }
  }),
  example('apiTargetsStandApart', 'dns.apiTargets.recovery', (p) => {
    p.dns.apiTargets.recovery = p.dns.apiTargets.primary
  }),
  example('apiTargetsStandApart', 'dns.apiTargets.primary', (p) => {
    p.dns.apiTargets.primary = 'api.neonpro.healthcare'
  }),
  example('checkOutlivesWhatItChecks', 'dns.apiCheck.region', (p) => {
    p.dns.apiCheck = { mode: 'alarm', alarmName: 'api', region: 'sa-east-1', whenUnknown: 'LastKnownStatus' }
  }),
  example('hooksAreUnique', 'applicationTier.hooks.1.name', (p) => {
    const hook = { kind: 'invoke-function' as const, name: 'api', function: 'bring-up' }
    p.applicationTier = { mode: 'hooks', hooks: [hook, hook], healthySeconds: 60 }
  }),
  example('flipMovesSomething', 'applicationTier.hooks.0.toAlias', (p) => {
    const hook = { kind: 'flip-deployment' as const, name: 'api', function: 'api', alias: 'live', toAlias: 'live' }
    p.applicationTier = { mode: 'hooks', hooks: [hook], healthySeconds: 60 }
  }),
  example('componentsAreUnique', 'releases.components.1.name', (p) => (p.releases.components[0]!.name = 'settings')),
  example('componentsStandApart', `releases.components.${neonpro.releases.components.length}.kind`, (p) => {
    p.releases.components.push({ kind: 'assets', name: 'pictures', dependsOn: [], pointer: 'current' })
  }),
  example('componentsNeedWhatIsReleased', 'releases.components.4.dependsOn.0', (p) => {
    p.releases.components[4]!.dependsOn = ['mail']
  }),
  example('componentsHaveAnOrder', 'releases.components.3.dependsOn', (p) => {
    p.releases.components[3]!.dependsOn = ['web']
  }),
  example('configurationCanBePutBack', 'releases.components', (p) => {
    p.releases.components = [{ kind: 'assets', name: 'assets', dependsOn: [], pointer: 'current' }]
  }),
  example('gatesFitTheBudgets', 'releases.healthySeconds', (p) => (p.releases.healthySeconds = 121)),
  example(
    'kindsFitTheTimeOfARollback',
    'releases.putBackSeconds',
    (p) => (p.releases.putBackSeconds.infrastructure = 700),
  ),
  example('watchOutlastsAGate', 'releases.monitorSeconds', (p) => (p.releases.monitorSeconds = 60)),
  example('exchangedFilesAreAStore', 'fileTransfer.store', (p) => {
    exchange(p, 'nowhere', partner('lab', 'A'))
  }),
  example('exchangedFilesAreNoAssets', 'fileTransfer.store', (p) => {
    exchange(p, 'neonpro-assets', partner('lab', 'A'))
  }),
  example('everyBucketIsDeployed', `stores.${neonpro.stores.length}.id`, (p) => {
    p.stores.push(bucketOfFiles('critical'))
  }),
  example('healthDataIsNoAsset', `stores.${ASSETS}.dataClass`, (p) => {
    p.stores[ASSETS]!.dataClass = 'phi'
  }),
  example('partnersAreUnique', 'fileTransfer.partners.1.name', (p) => {
    p.stores.push(bucketOfFiles('critical'))
    exchange(p, 'files', partner('lab', 'A'), partner('lab', 'B'))
  }),
  example('keysAreNotShared', 'fileTransfer.partners.1.sshPublicKeys.0', (p) => {
    p.stores.push(bucketOfFiles('critical'))
    exchange(p, 'files', partner('lab', 'A'), partner('x-ray', 'A'))
  }),
  example('exchangedFilesAreCopiedInTime', 'fileTransfer.store', (p) => {
    p.stores.push(bucketOfFiles('patient'))
    exchange(p, 'files', partner('lab', 'A'))
  }),
  example('activitiesAreUnique', 'calendar.activities.1.id', (p) => {
    p.calendar.activities[1]!.id = p.calendar.activities[0]!.id
  }),
  example('ownersCanBeTold', 'calendar.activities.0.owner', (p) => {
    p.calendar.activities[0]!.owner = 'Somebody'
  }),
  example('cadencesAreKept', 'calendar.due.weekly', (p) => {
    p.calendar.due.weekly = 'cron(0 8 1 * ? *)'
  }),
  example('elevationEndsInTime', 'people.elevation.sessionMinutes', (p) => {
    p.people.elevation.sessionMinutes = 31
  }),
  example('secondFactorIsFresh', 'people.mfaMaxAgeMinutes', (p) => {
    p.people.mfaMaxAgeMinutes = 31
  }),
  example('peopleLiveElsewhere', 'people.identity.accountId', (p) => {
    p.people.identity = { from: 'iam-mfa', accountId: p.topology.accountId }
  }),
  example('deletionHasALastResort', 'people.breakGlass.mode', (p) => {
    p.people.breakGlass = { mode: 'none', reason: 'nobody keeps sealed credentials here' }
  }),
  example('graceEndsBeforeTheNext', 'calendar.graceHours.monthly', (p) => {
    p.calendar.graceHours.monthly = 672
  }),
]
