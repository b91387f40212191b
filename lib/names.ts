import type { HumanRoleName } from '../core/access/human-roles'
import { alarmName, type AlarmId } from '../core/detection/alarms'
import type { Policy } from '../core/policy'
import { GLOBAL_SERVICES_REGION } from '../core/policy/flows'
import {
  bucketName,
  coordinationTableName,
  databaseName,
  databasePrefix,
  humanRoleName,
  keyAlias,
  namePrefix,
  vaultName,
  nextDatabaseName,
  servedName,
  testCopyPrefix,
} from '../core/policy/names'
import type { DataClass } from '../core/ports/archive-disposal'
import { SWITCH_ALWAYS_PRESENT, SWITCH_TO_RECOVERY, switchToNext } from '../lambda/contract'
import type { Audience } from '../core/ports/notifier'
import type { VaultKind } from '../core/ports/recovery-points'
import type { KEY_PURPOSES } from '../core/policy/schema/imports'

/** What a region is for. `us-east-1` is where Route 53 publishes the metrics of its health checks, and nothing else of ours. */
export type RegionRole = 'primary' | 'recovery' | 'witness'
export type DataRegionRole = Exclude<RegionRole, 'witness'>
export const otherRole = (role: DataRegionRole): DataRegionRole => (role === 'primary' ? 'recovery' : 'primary')

export type KeyPurpose = (typeof KEY_PURPOSES)[number]
export type BucketKind =
  | 'evidence'
  | 'switch'
  | 'access-logs'
  | 'assets'
  | 'code'
  | 'configuration'
  | 'file-transfer'
  | 'trail'
  | 'audit'
  | 'archive-staging'
  | `archive-${DataClass}`

export const archiveBucket = (dataClass: DataClass): BucketKind => `archive-${dataClass}`

/** The bucket of another region that receives copies, by chosen names alone. */
export interface ReplicaBucket {
  readonly bucketName: string
  readonly bucketArn: string
  readonly region: string
  readonly keyAlias: string
  readonly keyAliasArn: string
  /** IAM matches no aliases in resources, so this stands beside a condition on the alias. */
  readonly anyKeyArn: string
}

/** Tag that carries a store's id in the register: what a backup plan selects by, besides the ARN. */
export const STORE_TAG = 'recovery:store'

/**
 * Every physical name and ARN that another region has to know without asking. They are chosen here, never read at deploy
 * time, so that the recovery region deploys while the primary region is dark.
 */
export class Names {
  private readonly prefix: string
  readonly accountId: string

  constructor(
    private readonly policy: Pick<
      Policy,
      'application' | 'environment' | 'topology' | 'imports' | 'mechanisms' | 'dns'
    >,
  ) {
    this.prefix = namePrefix(policy)
    this.accountId = policy.topology.accountId
  }

  /** Roles the topology has a region for, in the order in which evidence is copied from one to the next. */
  get roles(): readonly RegionRole[] {
    return (['primary', 'recovery', 'witness'] as const).filter((role) => role in this.policy.topology.regions)
  }

  /** Roles that hold data. */
  get dataRoles(): readonly DataRegionRole[] {
    return this.roles.filter((role) => role !== 'witness')
  }

  /** Role of the region that receives the copy of a region's evidence; undefined at the end of the chain of copies. */
  evidenceCopy(role: RegionRole): RegionRole | undefined {
    return this.roles[this.roles.indexOf(role) + 1]
  }

  /** Throws for a role that the topology does not have. */
  region(role: RegionRole): string {
    const regions: Partial<Record<RegionRole, string>> = this.policy.topology.regions
    const region = regions[role]
    if (!region) throw new Error(`the topology '${this.policy.topology.preset}' has no ${role} region`)
    return region
  }

  /** CloudFormation stack, such as `neonpro-production-database-primary-g1`. */
  stack(kind: string, role: RegionRole | 'us-east-1', generation?: number): string {
    return [this.prefix, kind, role, ...(generation === undefined ? [] : [`g${generation}`])].join('-')
  }

  /** What the names of our databases begin with. */
  get databasePrefix(): string {
    return databasePrefix(this.policy)
  }
  /** RDS instance. */
  database(generation: number): string {
    return databaseName(this.policy, generation)
  }
  /** RDS instance that a recovery restores beside what exists. */
  nextDatabase(): string {
    return nextDatabaseName(this.policy)
  }
  /** Every copy of the restore tests that a runbook makes. */
  testCopiesArn(role: RegionRole): string {
    return this.arn('rds', role, `db:${testCopyPrefix(this.policy)}*`)
  }
  /** What a restore names besides source and copy: groups of subnets and parameters of ours, and the options of RDS. */
  restoreGroupArns(role: RegionRole): string[] {
    return [`pg:${this.prefix}-*`, `subgrp:${this.prefix}-*`, 'og:default:*'].map((group) =>
      this.arn('rds', role, group),
    )
  }
  /** Groups of parameters, which CloudFormation names after our stacks. */
  parameterGroupsArn(role: RegionRole): string {
    return this.arn('rds', role, `pg:${this.prefix}-*`)
  }
  /** Snapshots of databases that people have taken by hand, by whatever name; those of AWS Backup have a prefix of its own. */
  manualSnapshotsArn(role: RegionRole): string {
    return this.arn('rds', role, 'snapshot:*')
  }
  /** Recovery points, which AWS Backup names: of databases they are snapshots of RDS. */
  recoveryPointArns(role: RegionRole): string[] {
    return [this.arn('rds', role, 'snapshot:awsbackup:*'), this.arn('backup', role, 'recovery-point:*')]
  }
  /** Backup plans, by ids of AWS Backup. */
  backupPlansArn(role: RegionRole): string {
    return this.arn('backup', role, 'backup-plan:*')
  }
  /** Every bucket of ours in a region. */
  bucketsArn(role: RegionRole): string {
    return `arn:aws:s3:::${this.prefix}-*-${this.accountId}-${this.region(role)}`
  }
  /** Every stack of ours in a region. */
  stacksArn(role: RegionRole): string {
    return this.arn('cloudformation', role, `stack/${this.prefix}-*/*`)
  }
  /** Every log group of ours in a region, by what its service names it after. */
  logGroupArns(role: RegionRole): string[] {
    return [
      '/aws/lambda/',
      '/aws/vendedlogs/states/',
      '/aws/rds/instance/',
      '/aws/events/',
      '/aws/cloudtrail/',
      '/aws/transfer/',
      '/ecs/',
    ].map((of) => this.arn('logs', role, `log-group:${of}${this.prefix}*`))
  }
  /** Automated backups, by names of RDS. */
  automatedBackupsArn(role: RegionRole): string {
    return this.arn('rds', role, 'auto-backup:*')
  }
  databaseArn(role: RegionRole, generation: number): string {
    return this.instanceArn(role, this.database(generation))
  }
  instanceArn(role: RegionRole, instance: string): string {
    return this.arn('rds', role, `db:${instance}`)
  }

  /** Instances, groups of subnets and of parameters whose names begin with ours: chosen, or made from the name of a stack. */
  databaseArns(role: RegionRole): string[] {
    return ['db', 'pg', 'subgrp'].map((kind) => this.arn('rds', role, `${kind}:${this.prefix}-*`))
  }

  keyAliasPrefix(): string {
    return `alias/${this.prefix}/`
  }
  keyAlias(purpose: KeyPurpose): string {
    return keyAlias(this.policy, purpose)
  }
  keyAliasArn(role: RegionRole, purpose: KeyPurpose): string {
    return this.arn('kms', role, this.keyAlias(purpose))
  }
  /** Any key of a region; IAM matches no aliases in resources, so it stands beside a condition on the alias. */
  anyKeyArn(role: RegionRole): string {
    return this.arn('kms', role, 'key/*')
  }

  vault(kind: VaultKind): string {
    return vaultName(this.policy, kind)
  }
  vaultArn(role: DataRegionRole, kind: VaultKind, accountId = this.accountId): string {
    return this.arn('backup', role, `backup-vault:${this.vault(kind)}`, accountId)
  }

  /** Plan and selection of restore tests. AWS Backup takes letters, digits and underscores only, 50 at most. */
  restoreTestPlan(of: keyof typeof RESTORE_TESTS): string {
    return restoreTestName(`${this.prefix}_${RESTORE_TESTS[of]}_test`)
  }
  restoreTestSelection(kind: string): string {
    return restoreTestName(`${this.prefix}_${kind}`)
  }
  /** Every instance that a restore test makes: AWS Backup chooses their names behind this prefix. */
  restoredCopiesArn(role: RegionRole): string {
    return this.arn('rds', role, 'db:awsbackup-restore-test*')
  }

  /** Bucket names are global, so they carry account and region. */
  bucket(kind: BucketKind, role: RegionRole): string {
    return bucketName(this.policy, kind, this.region(role))
  }
  bucketArn(kind: BucketKind, role: RegionRole): string {
    return `arn:aws:s3:::${this.bucket(kind, role)}`
  }
  /** The twin of a bucket in another region, encrypted there by that region's key of the purpose. */
  replicaBucket(kind: BucketKind, to: RegionRole, key: KeyPurpose): ReplicaBucket {
    return {
      bucketName: this.bucket(kind, to),
      bucketArn: this.bucketArn(kind, to),
      region: this.region(to),
      keyAlias: this.keyAlias(key),
      keyAliasArn: this.keyAliasArn(to, key),
      anyKeyArn: this.anyKeyArn(to),
    }
  }
  /** Where Route 53's checkers read the switch object of one place. */
  switchHost(role: RegionRole): string {
    return `${this.bucket('switch', role)}.s3.${this.region(role)}.amazonaws.com`
  }

  coordinationTable(): string {
    return coordinationTableName(this.policy)
  }
  coordinationTableArn(role: RegionRole): string {
    return this.arn('dynamodb', role, `table/${this.coordinationTable()}`)
  }

  /** Secret of the application, the same name in each region. */
  secret(name: string): string {
    return `${this.prefix}/${name}`
  }
  /** Secrets Manager ends each ARN with six characters of its own. */
  secretArn(role: RegionRole, name: string): string {
    return this.arn('secretsmanager', role, `secret:${this.secret(name)}-??????`)
  }
  /** Secret of the owner of a database instance, beside those of the application. */
  ownerSecret(generation: number): string {
    return `database-owner-g${generation}`
  }
  /** Parameters below a path, and the path itself, which a listing asks for. */
  parameterArns(role: RegionRole, path: string): string[] {
    return [path, `${path}/*`].map((resource) => this.arn('ssm', role, `parameter${resource}`))
  }

  function(name: string): string {
    return `${this.prefix}-${name}`
  }
  functionArn(role: RegionRole, name: string): string {
    return this.arn('lambda', role, `function:${this.function(name)}`)
  }

  /** Function that is not ours, by its whole name. */
  foreignFunctionArn(role: RegionRole, name: string): string {
    return this.arn('lambda', role, `function:${name}`)
  }
  /** Secret that is not ours, in the same way; Secrets Manager ends its ARN too. */
  foreignSecretArn(role: RegionRole, name: string): string {
    return this.arn('secretsmanager', role, `secret:${name}-??????`)
  }
  foreignStackArn(role: RegionRole, name: string): string {
    return this.arn('cloudformation', role, `stack/${name}/*`)
  }
  ecsServiceArn(role: RegionRole, cluster: string, service: string): string {
    return this.arn('ecs', role, `service/${cluster}/${service}`)
  }
  stateMachineArn(role: RegionRole, runbook: string): string {
    return this.arn('states', role, `stateMachine:${this.function(runbook)}`)
  }
  /** Queue of what the functions of a stack could not take. */
  deadLetters(stackName: string): string {
    return `${stackName}-dead-letters`
  }

  /** CloudWatch alarm; `subject` tells several of one kind in a region apart. */
  alarm(id: AlarmId, subject?: string): string {
    return alarmName(this.prefix, id, subject)
  }
  /** SNS topic of an audience. */
  topic(audience: Audience): string {
    return `${this.prefix}-${audience}`
  }
  topicArn(role: RegionRole, audience: Audience): string {
    return this.arn('sns', role, this.topic(audience))
  }
  eventBusArn(role: RegionRole): string {
    return this.arn('events', role, 'event-bus/default')
  }
  /** Every alarm of ours in a region. */
  alarmsArn(role: RegionRole): string {
    return this.arn('cloudwatch', role, `alarm:${this.alarmPrefix}*`)
  }
  /** Every alarm of ours begins with it. */
  get alarmPrefix(): string {
    return `${this.prefix}/`
  }
  scheduleGroup(purpose: string): string {
    return `${this.prefix}-${purpose}`
  }
  eventRule(purpose: string): string {
    return `${this.prefix}-${purpose}`
  }
  /** Log group of events that detection looks at; EventBridge writes only below this prefix. */
  eventLog(): string {
    return `/aws/events/${this.prefix}`
  }
  /** The one trail of the account, which gathers every region. */
  trail(): string {
    return `${this.prefix}-trail`
  }
  trailArn(): string {
    return this.arn('cloudtrail', this.auditRole, `trail/${this.trail()}`)
  }
  /** Where the account's trail is kept: where recovery is run from, so that it is not lost with what it tells of. */
  get auditRole(): DataRegionRole {
    return this.roles.includes('recovery') ? 'recovery' : 'primary'
  }
  trailLog(): string {
    return `/aws/cloudtrail/${this.trail()}`
  }
  /** Rule of AWS Config. */
  configRule(purpose: string): string {
    return `${this.prefix}-${purpose}`
  }
  /** Framework of AWS Backup Audit Manager, and what its reports are called after: letters, digits and underscores only. */
  backupFramework(): string {
    return `${this.prefix}_backups`.replaceAll('-', '_')
  }
  /** Recorder and delivery channel of AWS Config. */
  recorder(): string {
    return `${this.prefix}-recorder`
  }
  /** Dashboards of all regions share one list, so that the name carries its own. */
  dashboard(role: RegionRole): string {
    return `${this.prefix}-${this.region(role)}`
  }

  /** IAM is global: a role name without its region would collide with its twin. */
  role(purpose: string, role: RegionRole | typeof GLOBAL_SERVICES_REGION): string {
    return `${this.prefix}-${purpose}-${role === GLOBAL_SERVICES_REGION ? role : this.region(role)}`
  }

  roleArnOf(purpose: string, role: RegionRole): string {
    return this.roleArn(this.role(purpose, role))
  }
  /** Region whose stack holds the roles of people, of which an account has one set. */
  get accessRole(): DataRegionRole {
    return this.roles.includes('recovery') ? 'recovery' : 'primary'
  }
  /** A role of people. */
  humanRole(name: HumanRoleName): string {
    return humanRoleName(this.policy, name)
  }
  /** Role that carries out approved disposals, and the only one that may. */
  disposerRoleArn(role: RegionRole): string {
    return this.roleArnOf('archive-disposal', role)
  }
  /** Role that two people open in an emergency: what nobody else may do, it may. One for the account. */
  breakGlassRoleArn(): string {
    return this.roleArn(this.humanRole('break-glass'))
  }
  /** Role under which AWS Backup writes its reports; the service makes it with the first of them. */
  backupReportsRoleArn(): string {
    return this.roleArn('aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports')
  }
  /** Role with which CloudFormation deploys into a region, as the bootstrap of the CDK names it. */
  deploymentRoleArn(role: RegionRole, accountId = this.accountId): string {
    const name = `cdk-${this.policy.topology.bootstrapQualifier}-cfn-exec-role-${accountId}-${this.region(role)}`
    return this.roleArn(name, accountId)
  }
  /** What the ARNs of the deployment roles of all regions begin with. */
  deploymentRolesPrefix(): string {
    return this.roleArn(`cdk-${this.policy.topology.bootstrapQualifier}-cfn-exec-role-${this.accountId}-`)
  }
  private roleArn(name: string, accountId = this.accountId): string {
    return `arn:aws:iam::${accountId}:role/${name}`
  }

  servedName(kind: 'database' | 'api'): string {
    return servedName(this.policy, kind)
  }

  /** Name of the database within a region, to which the served one leads while the region serves. */
  regionalName(role: DataRegionRole): string {
    const { dns } = this.policy
    return `${dns.databaseName}-${this.region(role)}.${dns.zoneName}`
  }
  /** Keys of the switch objects that health checkers may read in each place. */
  switchKeys(): string[] {
    const next = this.dataRoles.map((role) => switchToNext(this.region(role), this.nextDatabase()))
    return [SWITCH_TO_RECOVERY, ...next, SWITCH_ALWAYS_PRESENT]
  }

  /** Where the API answers for its health: in the primary region, whatever is served, or wherever the served name leads. */
  healthUrl(of: 'primary' | 'served'): string {
    const { apiTargets, healthPath } = this.policy.dns
    return `https://${of === 'primary' ? apiTargets.primary : this.servedName('api')}${healthPath}`
  }

  private arn(service: string, role: RegionRole, resource: string, accountId = this.accountId): string {
    return `arn:aws:${service}:${this.region(role)}:${accountId}:${resource}`
  }
}

/** What the names of the plans of restore tests say of them. */
const RESTORE_TESTS = { snapshots: 'restore', newest: 'newest', continuous: 'moment' } as const

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html */
const LONGEST_RESTORE_TEST_NAME = 50

function restoreTestName(wanted: string): string {
  const name = wanted.replaceAll('-', '_')
  if (name.length > LONGEST_RESTORE_TEST_NAME || !/^\w+$/.test(name))
    throw new Error(
      `AWS Backup takes at most ${LONGEST_RESTORE_TEST_NAME} letters, digits and underscores for a restore test, got '${name}'; shorten the name of the application`,
    )
  return name
}
