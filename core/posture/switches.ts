import { z } from 'zod'
import type { Json } from '../json'
import type { Policy } from '../policy'
import { hasKeys } from '../policy/at-path'
import { valuesAt } from './values-at'

/** An optional or costly feature, how it is turned off, and what is then no longer protected. */
export interface Switch {
  readonly feature: string
  /** Field of the policy; `*` stands for each entry. */
  readonly path: string
  /** What to write there. `reason` is a sentence of whoever does it. */
  readonly off: Json
  /** The protection that is gone, in the words of the procedure. */
  readonly lost: string
  /** What turning it off does to production as it stands; a test synthesizes each. */
  readonly effect: Effect
}

/**
 * - `gone`: the ratchet names this, a type of resource and a place in it
 * - `refusedBy`: this rule, or feasibility, refuses the policy until what rests on the feature is changed too
 * - `off`: it is off already
 */
export type Effect = { readonly gone: string } | { readonly refusedBy: string } | { readonly off: true }

export interface SwitchState extends Switch {
  /** In how many of its places the feature is on. */
  readonly on: number
  readonly places: number
}

/** The placeholder of a reason: nobody gives up protection without saying why. */
const NONE = { mode: 'none', reason: '<why>' }
const EXISTING = { mode: 'existing', reason: '<why>' }
const OFF_IN_PRODUCTION: Effect = { off: true }

/** Every feature that the policy can do without. What has no row here cannot be turned off. */
export const SWITCHES: readonly Switch[] = [
  {
    feature: 'standby in a second zone',
    path: 'database.multiAz',
    off: false,
    lost: 'the loss of a zone is an outage for as long as a restore takes, and a loss of the last minutes',
    effect: { refusedBy: 'feasibility' },
  },
  {
    feature: 'replica in the recovery region',
    path: 'mechanisms.replica',
    off: NONE,
    lost: 'the loss of the region costs everything since the last copied backup; patient data no longer within 5 minutes',
    effect: { refusedBy: 'replicaIsDeclaredAsMechanism' },
  },
  {
    feature: 'replica that stays behind',
    path: 'mechanisms.delayedReplica',
    off: NONE,
    lost: 'after a human error there is only point-in-time recovery, which takes a restore of the whole database',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'history in the recovery region',
    path: 'mechanisms.crossRegionPointInTime',
    off: NONE,
    lost: 'after the loss of the region no moment before it can be restored, only daily copies',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'copies of backups in the recovery region',
    path: 'backup.geoRedundancy',
    off: { mode: 'single-region', reason: '<why>' },
    lost: 'the loss of the region takes every backup with it',
    effect: { refusedBy: 'everyTransferIsMade' },
  },
  {
    feature: 'copies of backups in a second account',
    path: 'backup.secondAccount',
    off: NONE,
    lost: 'whoever takes over the account can reach every backup',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'weekly and monthly backups',
    path: 'backup.longTermTiers',
    off: [],
    lost: 'an error that is noticed after 90 days cannot be looked up',
    effect: { gone: 'AWS::Backup::BackupPlan BackupPlan.BackupPlanRule.[monthly].ScheduleExpression' },
  },
  {
    feature: 'lock of a vault',
    path: 'backup.vaults.*.lock',
    off: NONE,
    lost: 'a recovery point can be deleted before its time by whoever may delete in the vault',
    effect: { gone: 'AWS::Backup::BackupVault LockConfiguration.MinRetentionDays' },
  },
  {
    feature: 'restore tests',
    path: 'restoreTesting',
    off: NONE,
    lost: 'nobody knows whether a backup can be restored until it has to be: the weekly test of the procedure',
    effect: { gone: 'AWS::Backup::RestoreTestingPlan *' },
  },
  {
    feature: 'archive of a class of data',
    path: 'archive.classes.*',
    off: NONE,
    lost: 'the years of retention of the class are kept by nothing but the live database and 400 days of backups',
    effect: { refusedBy: 'archivedStoresHaveAnArchive' },
  },
  {
    feature: 'archive of a store',
    path: 'stores.*.archive',
    off: NONE,
    lost: 'what is deleted from the store is gone with its last backup',
    effect: { refusedBy: 'healthDataIsArchived' },
  },
  {
    feature: 'copies of assets back from the recovery region',
    path: 'assets.replication',
    off: 'to-recovery',
    lost: 'what is published while the recovery region serves is not brought home by itself',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'copies of archives back from the recovery region',
    path: 'archive.replication',
    off: 'to-recovery',
    lost: 'what is archived while the recovery region serves is not brought home by itself',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'dump of the archived tables',
    path: 'archive.dump',
    off: NONE,
    lost: 'what is older than the backups can be read from its export, but not be restored to the very rows',
    effect: { gone: 'AWS::ECS::TaskDefinition *' },
  },
  {
    feature: 'role by which CI pushes copies of the code',
    path: 'code.publisher',
    off: NONE,
    lost: 'copies of the code are pushed only where somebody gives a role of CI the policies for it',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'copies of secrets',
    path: 'configuration.secrets',
    off: [],
    lost: 'the application cannot be started in the recovery region with the secrets in force',
    effect: { gone: 'AWS::SecretsManager::Secret *' },
  },
  {
    feature: 'check of the API behind its name',
    path: 'dns.apiCheck',
    off: NONE,
    lost: 'the name of the API moves only with the switch, not when its platform fails',
    effect: { gone: 'AWS::Route53::HealthCheck *' },
  },
  {
    feature: 'names inside the network',
    path: 'dns.privateZone',
    off: NONE,
    lost: 'clients in the network resolve the database through public names',
    effect: { gone: 'AWS::Route53::RecordSet *' },
  },
  {
    feature: 'application tier brought up by the failover',
    path: 'applicationTier',
    off: NONE,
    lost: 'people start the application in the recovery region, within the hour for critical services',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'file transfer for partners',
    path: 'fileTransfer',
    off: NONE,
    lost: 'partners have no way of their own to send files over SFTP',
    effect: OFF_IN_PRODUCTION,
  },
  {
    feature: 'trail of calls',
    path: 'governance.trail',
    off: EXISTING,
    lost: 'who did what is known only from a trail that another template keeps',
    effect: { refusedBy: 'everyTransferIsMade' },
  },
  {
    feature: 'record of writes to what proves and restores',
    path: 'governance.trail.dataEvents',
    off: [],
    lost: 'who wrote into evidence, configuration and code is not recorded',
    effect: { refusedBy: 'writesOfTheEvidenceAreRecorded' },
  },
  {
    feature: 'record of resources and judgement of their settings',
    path: 'governance.recorder',
    off: EXISTING,
    lost: 'the rules judge only what a recorder of another template records',
    effect: { gone: 'AWS::Config::ConfigurationRecorder *' },
  },
  {
    feature: 'search for threats',
    path: 'governance.detector',
    off: EXISTING,
    lost: 'a security incident is noticed only by a detector that another template keeps',
    effect: { gone: 'AWS::GuardDuty::Detector *' },
  },
  {
    feature: 'parts of the search for threats',
    path: 'governance.detector.features',
    off: [],
    lost: 'unusual reads of buckets, logins of databases and traffic of functions are not searched',
    effect: { gone: 'AWS::GuardDuty::Detector Features' },
  },
  {
    feature: 'audit of backups',
    path: 'governance.backupAudit',
    off: NONE,
    lost: 'nobody is told of a resource without a plan or a retention that is too short, except by the alarms of jobs',
    effect: { gone: 'AWS::Backup::Framework *' },
  },
  {
    feature: 'last resort for people',
    path: 'people.breakGlass',
    off: NONE,
    lost: 'nobody acts while every place with identities is out of reach, and no recovery point can be ended by order of a court',
    effect: { refusedBy: 'deletionHasALastResort' },
  },
  {
    feature: 'password policy of the account',
    path: 'people.passwordPolicy',
    off: EXISTING,
    lost: 'whether passwords have twelve mixed characters is the word of whoever runs the account',
    effect: { gone: 'AWS::Config::ConfigRule *' },
  },
]

/** A feature that costs and that no field turns off. */
export interface NotOptional {
  readonly feature: string
  /** A type of resource with which it is there, and a property where it is one. */
  readonly type: string
  readonly property?: string
  readonly because: string
}

/** What costs by the hour, the gigabyte or the evaluation, and is not optional. */
export const NOT_OPTIONAL: readonly NotOptional[] = [
  {
    feature: 'endpoints of AWS inside the network',
    type: 'AWS::EC2::VPCEndpoint',
    because: 'functions beside the database have no way to the internet; without an endpoint they reach nothing',
  },
  {
    feature: 'flow logs',
    type: 'AWS::EC2::FlowLog',
    because:
      'who spoke with the database is what a security incident is investigated by, and cannot be asked for later',
  },
  {
    feature: 'Performance Insights',
    type: 'AWS::RDS::DBInstance',
    property: 'EnablePerformanceInsights',
    because: 'what loaded the database before an outage cannot be asked for afterwards',
  },
  {
    feature: 'enhanced monitoring',
    type: 'AWS::RDS::DBInstance',
    property: 'MonitoringInterval',
    because: 'what the machine below the database did before an outage cannot be asked for afterwards',
  },
  {
    feature: 'replication of files with a measured delay',
    type: 'AWS::S3::Bucket',
    property: 'ReplicationConfiguration.Rules.*.Destination.ReplicationTime',
    because: 'without it nobody can say how late a copy is, and no alarm of a late copy has a metric',
  },
  {
    feature: 'rules of AWS Config',
    type: 'AWS::Config::ConfigRule',
    because: 'what deviates from the declared settings between two deployments is noticed by nothing else',
  },
  {
    feature: 'keys of our own',
    type: 'AWS::KMS::Key',
    because: 'the procedure asks for customer-managed keys',
  },
  {
    feature: 'tables in the recovery and the witness region',
    type: 'AWS::DynamoDB::GlobalTable',
    because: 'two of them decide who writes; with one the loss of its region could leave two writers',
  },
]

/** Each switch as it stands in a policy. A path that the mode of something else has taken away has no places. */
export function switchStates(policy: Policy): SwitchState[] {
  const plain = z.json().parse(policy)
  return SWITCHES.map((feature) => {
    const found = valuesAt(plain, feature.path)
    const on = found.filter(({ value }) => !isOff(feature.off, value)).length
    return { ...feature, on, places: found.length }
  })
}

/** Of an object the mode decides; its reason is everybody's own. */
function isOff(off: Json, value: Json): boolean {
  if (hasKeys(off) && 'mode' in off) return hasKeys(value) && value['mode'] === off['mode']
  return JSON.stringify(off) === JSON.stringify(value)
}
