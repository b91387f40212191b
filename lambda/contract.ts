import * as z from 'zod/mini'
import type { METRIC } from '../adapters/aws/agreed-names'
import { VARIABLE } from '../adapters/aws/environment'

export {
  COORDINATION_TABLE_KEYS,
  DESK_FUNCTION,
  FORENSICS_PREFIX,
  LATER_WRITES_FOLDER,
  METRIC,
  METRIC_NAMESPACE,
  WRITER_TAG,
  PROMOTION_TAG,
  RESTORE_TAG,
  ZONE_FAILOVER_TAG,
  SOURCE_IDENTITY_PREFIX,
  SWITCH_ALWAYS_PRESENT,
  SWITCH_TO_RECOVERY,
  switchToNext,
  TEMPLATES_FOLDER,
} from '../adapters/aws/agreed-names'

/** Roles of the regions a function is deployed to. */
export type Place = 'primary' | 'recovery' | 'witness'

/**
 * What a permission is about. `own` means: of the function's own region and instance. The stack turns each kind into
 * the ARN of exactly one resource, or of the objects or users below it.
 */
export type PermittedResource =
  | 'recovery-coordination-table'
  | 'witness-coordination-table'
  | 'own-coordination-table'
  | 'own-database-instances'
  | 'promotable-replicas'
  | 'own-restored-copies'
  | 'own-test-copies'
  | 'own-restores'
  | 'own-automated-backups'
  | 'own-database-user:fence-role'
  | 'own-database-user:every-role'
  | 'own-database-user:archive-role'
  | 'own-database-key'
  | 'own-database-key-for-services'
  | 'fence-functions'
  | 'own-backup-key'
  | 'own-vaults'
  | 'every-database-of-the-region'
  | 'recovery-compliance-function'
  | 'recovery-probe-function'
  | 'witness-probe-function'
  | 'own-replica-observer-function'
  | 'replica-observer-functions'
  | 'own-health-database-function'
  | 'own-alarms'
  | 'own-journal-relay-function'
  | 'own-moment-reader-function'
  | 'content-reader-functions'
  | 'own-content-reader-function'
  | 'own-coordination-reader-function'
  | 'own-readiness-database-function'
  | 'own-database-owner-secret'
  | 'own-database-owner-secret-key'
  | 'own-escalation-topics'
  | 'own-owner-topics'
  | 'own-runbook-functions'
  | 'own-runbook-machines'
  | 'every-runbook-machine'
  | 'application-services'
  | 'application-deployments'
  | 'application-functions'
  | 'evidence-objects'
  | 'evidence-bucket'
  | 'own-later-writes'
  | 'evidence-signing-key'
  | 'evidence-encryption-key'
  | 'own-code-bucket'
  | 'own-code-objects'
  | 'own-code-key'
  | 'own-code-signing-key'
  | 'own-archive-buckets'
  | 'own-archive-objects'
  | 'own-archive-staging'
  | 'own-archive-staged-objects'
  | 'own-archive-export-role'
  | 'own-archive-key'
  | 'own-archive-key-for-services'
  | 'every-export'
  | 'own-parameters'
  | 'configuration-secrets'
  | 'own-replicated-secrets'
  | 'replicated-secrets-of-each-region'
  | 'configuration-buckets'
  | 'configuration-objects'
  | 'own-configuration-bucket'
  | 'own-configuration-objects'
  | 'configuration-restore-functions'
  | 'own-configuration-key'
  | 'other-configuration-keys'
  | 'elevated-roles'
  | 'every-restore-job'
  | 'roles-of-people'
  | 'the-account'
  | 'restored-copies'
  | 'restored-copies-user:fence-role'
  | IncidentResource
  | ReleaseResource
  | 'recovery-switch-bucket'
  | 'witness-switch-bucket'
  | 'recovery-switch-marker'
  | 'witness-switch-marker'
  | 'recovery-switch-objects'
  | 'witness-switch-objects'

/** What only the answers to an attack and to a violation are about. */
export const INCIDENT_RESOURCES = [
  'containment-functions',
  'own-next-database',
  'own-parameter-groups',
  'own-login-secrets',
  'own-login-secret-keys',
  'own-copy-owner-secret',
  'own-copy-owner-secret-key',
  'own-snapshot-vault',
  'own-backup-role',
  'own-backup-roles',
  'own-recovery-points',
  'own-manual-snapshots',
  'own-backup-plans',
  'own-forensic-bucket',
  'own-forensic-objects',
  'own-buckets',
  'own-log-groups',
  'own-keys',
  'own-trail',
  'own-stacks',
  'witness-stacks',
  'every-alias',
  'every-backup-job',
  'every-backup-plan',
  'every-log-group',
  'every-snapshot',
  'every-stack',
] as const
export type IncidentResource = (typeof INCIDENT_RESOURCES)[number]

/** What only releases and their rollback are about: parts of the platform, which are not ours but for the buckets. */
export const RELEASE_RESOURCES = [
  'released-functions',
  'released-versions',
  'released-aliases',
  'migration-functions',
  'own-configuration-restore-function',
  'release-reader-functions',
  'own-assets-bucket',
  'asset-pointers',
  'own-assets-key',
  'deployment-tokens',
  'released-stacks',
  'own-released-templates',
] as const
export type ReleaseResource = (typeof RELEASE_RESOURCES)[number]

/** One statement of a function's role; nothing else is granted. */
export interface Permission {
  readonly actions: readonly string[]
  readonly on: PermittedResource
  /** First path segments the function may touch (condition `dynamodb:LeadingKeys`). */
  readonly leadingKeys?: readonly string[]
  /** Tag keys the function may set (condition `aws:TagKeys`). */
  readonly tagKeys?: readonly string[]
  /** Tag that the request has to carry: nothing is made without it (condition `aws:RequestTag`). */
  readonly requestTag?: string
  /** Tag that the resource has to carry: nothing is touched without it (condition `aws:ResourceTag`). */
  readonly resourceTag?: string
  /** Why the resource is wider than one name. */
  readonly reason?: string
}

/** Everything a stack has to know to deploy a function. */
export interface FunctionContract {
  /** Folder of the function, and the stem of its physical name. */
  readonly name: string
  readonly places: readonly Place[]
  /** `isolated`: in the isolated subnets, next to the database; `none`: outside any VPC. */
  readonly network: 'isolated' | 'none'
  /** Longest run of one invocation. */
  readonly timeoutSeconds: number
  /**
   * How often Lambda repeats an event that the function could not take, after one minute and after two more
   * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). Only where a repetition does nothing
   * twice. @default 0: what runs at a steady pace or is asked for by name is tried again by whoever starts it
   */
  readonly retries?: 0 | 1 | 2
  /** Invocations at a time, kept free for this function. @default 3: two overlapping runs fit */
  readonly concurrency?: number
  /** @default 1024, which is half a processor core */
  readonly memoryMegabytes?: number
  /** Whether people call it at a URL, with signed requests. @default it is invoked by name only */
  readonly url?: 'signed'
  /** Metrics of ours whose values it publishes. @default none */
  readonly publishes?: readonly (keyof typeof METRIC)[]
  /** Names of the variables the stack sets. */
  readonly environment: readonly string[]
  readonly permissions: readonly Permission[]
}

/** File of the policy layer; the value of POLICY_PATH. */
export const POLICY_LAYER_FILE = '/opt/policy.json'

/** Holds the certificate authorities of RDS in every Node.js runtime of Lambda; the value of DATABASE_AUTHORITIES. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
export const RUNTIME_AUTHORITIES_FILE = '/var/runtime/ca-cert.pem'

/** A run as it travels through the state machine. The runbook's own input is typed by the runbook, not here. */
export const runState = z.looseObject({
  runbook: z.string().check(z.regex(/^[a-z-]{1,40}$/)),
  runId: z.string().check(z.regex(/^[\w.:-]{1,80}$/)),
  mode: z.enum(['dry-run', 'drill', 'real']),
  cursor: z.looseObject({ state: z.string(), waitSeconds: z.number() }),
  outcome: z.enum(['running', 'succeeded', 'stopped']),
})

const POLICY = [VARIABLE.policyPath, VARIABLE.policyHash]
/** What every driver of a run reads and writes. */
export const JOURNAL = {
  actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  on: 'recovery-coordination-table',
  leadingKeys: ['runs', 'approvals'],
} as const satisfies Permission

/**
 * A function that makes transitions of a runbook with one privilege: what all of them share, and what this one adds. It stands
 * in both data regions, since a runbook runs where the database stands that takes over.
 */
export const runbookContract = (own: Omit<FunctionContract, 'places'>): FunctionContract => ({
  ...own,
  places: ['primary', 'recovery'],
  environment: [...POLICY, VARIABLE.recoveryTable, ...own.environment],
  permissions: [JOURNAL, ...own.permissions],
})

export const withPolicy = (own: FunctionContract): FunctionContract => ({
  ...own,
  environment: [...POLICY, ...own.environment],
})

/** What a function needs to speak to the database that serves in its region. */
export const OWN_DATABASE = [
  VARIABLE.databaseInstance,
  VARIABLE.databaseHost,
  VARIABLE.databasePort,
  VARIABLE.databaseAuthorities,
]

/** The same for every declared database of its region, of which each call names one. */
export const OWN_DATABASES = [VARIABLE.databases, VARIABLE.databaseAuthorities]

/** A function that asks databases of its region as the fence role, from beside them, and reaches nothing else. */
export const besideDatabases = (
  own: Omit<FunctionContract, 'places' | 'network' | 'environment' | 'permissions'>,
): FunctionContract =>
  withPolicy({
    ...own,
    places: ['primary', 'recovery'],
    network: 'isolated',
    environment: OWN_DATABASES,
    permissions: [{ actions: ['rds-db:connect'], on: 'own-database-user:fence-role' }],
  })

/** What a function needs to speak to a database that a restore has made and no stack declares yet, as the fence role. */
export const RESTORED_DATABASES = [
  {
    actions: ['rds:DescribeDBInstances'],
    on: 'own-restored-copies',
    reason: 'each test has a copy of its own, behind a prefix that no other instance has',
  },
  {
    actions: ['rds-db:connect'],
    on: 'restored-copies-user:fence-role',
    reason: 'a copy has a resource id that nobody knows before; only what a restore of ours has marked is spoken to',
  },
] as const satisfies readonly Permission[]

/** What a function needs to append to the evidence of its region. */
export const OWN_EVIDENCE: Pick<FunctionContract, 'environment' | 'permissions'> = {
  environment: [VARIABLE.evidenceBucket],
  permissions: [
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      on: 'evidence-objects',
      reason: 'records have keys that grow with the chain; changing or deleting one is denied to everybody',
    },
    // Without it S3 answers 403 instead of 404 for a key that nothing holds yet.
    { actions: ['s3:ListBucket'], on: 'evidence-bucket' },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: 'evidence-encryption-key' },
  ],
}

/** What a function needs to read and write incidents in both places, with the given actions. */
export const incidentsInBothPlaces = (
  ...actions: readonly string[]
): Pick<FunctionContract, 'environment' | 'permissions'> => ({
  environment: [VARIABLE.recoveryTable, VARIABLE.witnessTable],
  permissions: (['recovery-coordination-table', 'witness-coordination-table'] as const).map((on) => ({
    actions,
    on,
    leadingKeys: ['incidents'],
  })),
})
