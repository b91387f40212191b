import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import type { Policy } from '../core/policy'
import { archiveFindings } from './acknowledged-archive'
import { incidentFindings } from './acknowledged-incidents'
import { IAM5, restoreFindings } from './acknowledged-restores'
import { verificationFindings } from './acknowledged-verification'
import { releaseFindings } from './acknowledged-releases'
import { importedUsers } from './imported-users'
import { CODE_FOLDERS } from './constructs/code-publisher'
import { FENCE_ROLE } from './function-bindings'
import { Names, type RegionRole } from './names'
import { runbooksOf } from './runbook-machines'

/** One finding that stays, with a reason that somebody answers for until a date. */
export interface Acknowledgement {
  /** Rules as reported; one that names its finding in brackets is acknowledged for that finding only. */
  readonly rules: readonly string[]
  /** Which constructs, by their path. */
  readonly where: RegExp
  readonly reason: string
  /** Role that answers for it. */
  readonly owner: string
  /** Calendar date. Afterwards synth warns, and the posture check in CI fails: the clock never blocks an emergency deploy. */
  readonly expires: string
}

const EVIDENCE_PREFIXES = ['records', 'checkpoints'] as const
/** Buckets copied as a whole. */
const REPLICATED = [
  'assets',
  'file-transfer',
  'archive-phi',
  'archive-pii',
  'archive-financial',
  'archive-operational',
] as const

/** The register of one environment. */
export function acknowledgements(policy: Policy): readonly Acknowledgement[] {
  const names = new Names(policy)
  const until = { owner: 'Security Team', expires: '2027-11-23' }
  const resourceId = (logicalId: string): string[] =>
    policy.topology.instances.map(({ generation, region, source }) => {
      const stack = names.stack(source === undefined ? 'database' : 'replica', region, generation)
      return `arn:aws:rds-db:${names.region(region)}:${names.accountId}:dbuser:${stack}:${logicalId}/*`
    })
  return [
    {
      ...until,
      rules: ['HIPAA.Security-LambdaInsideVPC'],
      where:
        /\/(access|archive-disposal|archive-export|code|configuration|operations|runbooks)-\w+\/Functions\/[\w-]+\/Resource\/Resource$/,
      reason:
        'touches no database and calls regions that an isolated subnet cannot reach; what touches the database stands in one',
    },
    {
      ...until,
      rules: ['HIPAA.Security-RDSInBackupPlan'],
      where: /\/(database|(delayed-)?replica)-g\d+\/(Database|Replica)\/Resource\/Resource$/,
      reason:
        'the plan is a stack of its own, where this rule does not look; a test proves that each writer is selected, and a replica is backed up from its promotion on',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3DefaultEncryptionKMS', 'HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/coordination-\w+\/TrafficSwitch\/Bucket\/Resource\/Resource$/,
      reason:
        'anonymous health checkers cannot use a KMS key, and each switch is written by itself, so that a copy could never contradict it',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3DefaultEncryptionKMS', 'HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/evidence-\w+\/AccessLogs\/Bucket\/Resource\/Resource$/,
      reason:
        'log delivery writes with SSE-S3 only; the logs support evidence, which is itself copied, and are not part of it',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
      where: new RegExp(`/evidence-${names.roles.at(-1)}/Evidence/Bucket/Resource/Resource$`),
      reason:
        'the end of the chain of copies: the witness region, or the only region of a topology that keeps to Brazil',
    },
    {
      ...until,
      rules: ['CloudFormation-Validate::W3010'],
      where: /\/Network\/Vpc\/isolatedSubnet\d+\/Subnet$/,
      reason: 'zones are named by the policy: looking them up would need credentials at synth time',
    },
    {
      ...until,
      rules: ['Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId'],
      where: /\/Network\/(Imported\/Isolated)?Subnet\d+$/,
      reason: 'nothing of ours reads or changes the routes of a network that is imported',
    },
    {
      ...until,
      rules: ['HIPAA.Security-VPCDefaultSecurityGroupClosed'],
      where: /\/Network\/Vpc\/Resource$/,
      reason:
        'CloudFormation cannot change a default group; a function that could would need rights over every security group, and nothing of ours is ever placed in the default one',
    },
    {
      ...until,
      rules: [
        'service-role/AWSBackupServiceRolePolicyForBackup',
        'service-role/AWSBackupServiceRolePolicyForRestores',
        'AWSBackupServiceRolePolicyForS3Backup',
      ].map((name) => `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`),
      where: /\/(backup-plan-\w+\/[\w-]+|restore-testing-\w+\/Tests)\/Role\/Resource$/,
      reason: 'AWS keeps this policy in step with its service: an own copy that falls behind stops backups',
    },
    {
      ...until,
      rules: [
        '*',
        ...names.dataRoles.flatMap((role) => [
          names.restoredCopiesArn(role),
          `arn:aws:rds-db:${names.region(role)}:${names.accountId}:dbuser:*/${FENCE_ROLE}`,
          `${names.bucketArn('evidence', role)}/*`,
        ]),
      ].map(IAM5),
      where: /\/restore-testing-\w+\/Functions\/restore-validator\/Role\/Policy\/Resource$/,
      reason:
        'AWS names jobs, copies and their resource ids itself; the network of the function reaches copies only, never what serves',
    },
    {
      ...until,
      rules: ['HIPAA.Security-RDSMultiAZSupport', 'AwsSolutions-RDS3'],
      where: /\/delayed-replica-g\d+\/Replica\/Resource\/Resource$/,
      reason: 'a look into the past and never a database that serves: it is made again where its zone is lost',
    },
    {
      ...until,
      rules: ['AwsSolutions-RDS11'],
      where: /\/(Database|Replica)\/Resource\/Resource$/,
      reason:
        "PostgreSQL's own port, in a subnet without routes and a group that admits one other group: obscurity adds nothing",
    },
    {
      ...until,
      rules: [IAM5('*')],
      where:
        /\/(access|archive-disposal|archive-export|code|configuration|operations|runbooks)-\w+\/(Functions\/)?[\w-]+\/Role\/Policy\/Resource$/,
      reason: 'tracing, log delivery and network interfaces know no resource to name (service authorization reference)',
    },
    {
      ...until,
      rules: [
        ...resourceId('ExportsOutputFnGetAttDatabaseF44359DDDbiResourceId7C3DC2F2'),
        ...resourceId('ExportsOutputFnGetAttReplicaA82FB90FDbiResourceId7639FA6A'),
        ...importedUsers(policy, names),
      ].map(IAM5),
      where: /\/runbooks-\w+\/Functions\/(fence|guard)\/Role\/Policy\/Resource$/,
      reason: 'a fence is proven by a refused login through each role, whichever roles the database holds',
    },
    {
      ...until,
      rules: names.roles.flatMap((role) => [
        IAM5(names.anyKeyArn(role)),
        ...names.roles.flatMap((source) =>
          EVIDENCE_PREFIXES.map((kind) =>
            IAM5(`${names.bucketArn('evidence', role)}/${kind}/${names.region(source)}/*`),
          ),
        ),
        ...REPLICATED.map((kind) => IAM5(`${names.bucketArn(kind, role)}/*`)),
        ...names.dataRoles.map((of) => IAM5(`${names.bucketArn('evidence', role)}/posture/${names.region(of)}/*`)),
      ]),
      where:
        /\/(evidence-\w+\/Evidence|assets-\w+|file-transfer-\w+|archive-\w+\/Archive-\w+)\/Replication\/Role\/Policy\/Resource$/,
      reason:
        "objects have keys of their own, and evidence only its region's prefixes; the other region's key has a random id, so its alias stands in a condition",
    },
    {
      ...until,
      rules: partnersOf(policy).map((name) =>
        IAM5(`${names.bucketArn('file-transfer', 'primary')}/partners/${name}/*`),
      ),
      where: /\/file-transfer-primary\/Server\/Role-[\w-]+\/Policy\/Resource$/,
      reason: 'files have names that the partner chooses, below the one folder it is shut into',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/code-\w+\/Code\/Bucket\/Resource\/Resource$/,
      reason:
        'CI writes each copy into both regions by itself, signed for each: a replica would carry the signature of the other region',
    },
    {
      ...until,
      rules: names.roles.flatMap((role) =>
        ['', '/bundles', '/manifests'].map((folder) => IAM5(`${names.bucketArn('code', role)}${folder}/*`)),
      ),
      where: /\/code-\w+\/(Publisher|Functions\/code-check\/Role\/Policy)\/Resource$/,
      reason: 'each copy has keys of its own; nobody may change or delete one, whatever a policy grants',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/configuration-\w+\/Copies\/Bucket\/Resource\/Resource$/,
      reason:
        'each change is written into every region before it counts as copied, sealed for each: a replica would be later and unreadable',
    },
    {
      ...until,
      rules: names.dataRoles.flatMap((role) => [
        IAM5(`${names.bucketArn('configuration', role)}/*`),
        IAM5(names.anyKeyArn(role)),
        ...policy.stores
          .filter(({ kind }) => kind === 'parameters')
          .flatMap(({ id }) => names.parameterArns(role, id))
          .map(IAM5),
      ]),
      where: /\/configuration-\w+\/Functions\/configuration-(copy|backup|restore)\/Role\/Policy\/Resource$/,
      reason:
        "settings and their versions have names of their own below one path; the other region's key has a random id, so its alias stands in a condition",
    },
    {
      ...until,
      rules: names.dataRoles.flatMap((role) => [
        IAM5(names.anyKeyArn(role)),
        ...CODE_FOLDERS.map((folder) => IAM5(`${names.bucketArn('code', role)}/${folder}/*`)),
      ]),
      where: /\/code-\w+\/PublishedByCi\/Policy\/Resource$/,
      reason: 'copies are named after their time; keys have random ids, so that their aliases stand in a condition',
    },
    {
      ...until,
      rules: ['HIPAA.Security-SecretsManagerRotationEnabled', 'AwsSolutions-SMG4'],
      where: /\/configuration-\w+\/Secret-[\w-]+\/Resource$/,
      reason:
        'what the secret opens is known to the application alone, so that only its owner can rotate it; the password of the database rotates by itself',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/(assets-\w+\/Assets|file-transfer-\w+\/Files|archive-\w+\/Archive-\w+\/Bucket)\/Resource\/Resource$/,
      reason:
        'the receiving side; S3 refuses a destination that does not exist yet, so copies go one way until the policy says both',
    },
    {
      ...until,
      rules: ['HIPAA.Security-S3BucketReplicationEnabled'],
      where: /\/audit-\w+\/(Audit|Trail\/Files)\/Bucket\/Resource\/Resource$/,
      reason:
        'names staff, so that each further region is a further transfer; each region keeps its own history, and CloudTrail keeps 90 days of calls apart from the files',
    },
    {
      ...until,
      rules: [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWS_ConfigRole]',
        ...names.dataRoles.map((role) =>
          IAM5(`${names.bucketArn('audit', role)}/configuration-history/AWSLogs/${names.accountId}/Config/*`),
        ),
      ],
      where: /\/governance-\w+\/Recorder\/Role\/(Policy\/)?Resource$/,
      reason:
        'AWS Config reads each kind of resource it records, and AWS keeps that list in step; it names its files itself, below one folder',
    },
    {
      ...until,
      rules: names.dataRoles.map((role) =>
        IAM5(
          `arn:aws:logs:${names.region(role)}:${names.accountId}:log-group:${names.trailLog()}:log-stream:${names.accountId}_CloudTrail_${names.region(role)}*`,
        ),
      ),
      where: /\/audit-\w+\/Trail\/LogRole\/Policy\/Resource$/,
      reason: 'CloudTrail adds a suffix to the name of its streams, inside the one group of the trail',
    },
    {
      ...until,
      rules: names.roles.map((role) => IAM5(`${names.bucketArn('evidence', role)}/*`)),
      where:
        /\/Functions\/(access-review|activity-due|archive-disposal|archive-export|code-check|configuration-backup|configuration-copy|configuration-restore|desk|health-check|incident-intake|password-policy|readiness|runbook-report)\/Role\/Policy\/Resource$/,
      reason:
        'records have keys that grow with the chain; deleting and overwriting versions is denied to everybody by the bucket',
    },
    ...[
      ...peopleFindings(names),
      ...archiveFindings(policy, names),
      ...restoreFindings(names),
      ...incidentFindings(names),
      ...verificationFindings(policy, names),
      ...releaseFindings(policy, names),
    ].map((finding) => ({ ...until, ...finding })),
    {
      ...until,
      rules: names.roles.map((role) =>
        IAM5(`arn:aws:logs:${names.region(role)}:${names.accountId}:log-group:RDSOSMetrics:log-stream:*`),
      ),
      where: /\/MonitoringRole\/Policy\/Resource$/,
      reason: 'RDS names the stream of each instance itself, inside the one group that it uses',
    },
  ]
}

/** What the roles of people may reach beyond one name. */
function peopleFindings(names: Names): Pick<Acknowledgement, 'rules' | 'where' | 'reason'>[] {
  const evidence = (path: string, role: RegionRole) => IAM5(`${names.bucketArn('evidence', role)}/${path}`)
  const where = /\/access-\w+\/[\w-]+\/Policy\/Resource$/
  return [
    {
      rules: [IAM5('*')],
      where,
      reason: 'lists know no resource to name (service authorization reference)',
    },
    {
      rules: names.roles.flatMap((role) => [
        evidence('*', role),
        ...['records', 'reservations'].map((kind) => evidence(`${kind}/${names.region(role)}/operator/*`, role)),
        IAM5(names.anyKeyArn(role)),
      ]),
      where,
      reason:
        'records have keys that grow with the chain, and keys have random ids, so that their aliases stand in a condition',
    },
    {
      rules: [
        ...names.dataRoles.flatMap((role) => [
          ...names.databaseArns(role).map(IAM5),
          IAM5(`arn:aws:rds:${names.region(role)}:${names.accountId}:db:${names.databasePrefix}*`),
          IAM5(`arn:aws:rds:${names.region(role)}:${names.accountId}:snapshot:awsbackup:*`),
          IAM5(`arn:aws:backup:${names.region(role)}:${names.accountId}:recovery-point:*`),
        ]),
        ...names.roles.map((role) =>
          IAM5(`arn:aws:cloudwatch:${names.region(role)}:${names.accountId}:alarm:${names.alarmPrefix}*`),
        ),
        ...names.roles.flatMap((role) =>
          runbooksOf(names, role).map((runbook) =>
            IAM5(`${names.stateMachineArn(role, runbook).replace(':stateMachine:', ':execution:')}:*`),
          ),
        ),
      ],
      where,
      reason: 'AWS names recovery points, restored copies and executions itself; alarms and databases grow in number',
    },
  ]
}

function partnersOf({ fileTransfer }: Policy): readonly string[] {
  return fileTransfer.mode === 'none' ? [] : fileTransfer.partners.map(({ name }) => name)
}

/** Applies a register to a tree. */
export function acknowledgeFindings(root: IConstruct, register: readonly Acknowledgement[]): void {
  for (const construct of root.node.findAll()) {
    const path = `/${construct.node.path}`
    for (const { rules, where, reason } of register)
      if (where.test(path)) Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason })))
  }
}

/** Acknowledgements whose date has passed on the given day, such as `2027-01-31`. */
export const expiredOn = (day: string, register: readonly Acknowledgement[]): readonly Acknowledgement[] =>
  register.filter(({ expires }) => expires < day)
