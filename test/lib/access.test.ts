import { HUMAN_ROLES, type HumanRoleName, type Privilege } from '../../core/access/human-roles'
import { withRecoveryRegion } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)

interface Statement {
  readonly Effect: string
  readonly Action: string | string[]
  readonly Resource?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly Principal?: { readonly AWS?: unknown; readonly Service?: unknown }
}
const ROLES = Object.keys(HUMAN_ROLES) as HumanRoleName[]
const trustOf = (role: HumanRoleName, tree = stacks) => {
  const [found] = resourcesOf(tree, 'AWS::IAM::Role').filter(
    ({ Properties }) => Properties?.['RoleName'] === names.humanRole(role),
  )
  return (found?.Properties?.['AssumeRolePolicyDocument'] as { Statement: Statement[] } | undefined)?.Statement ?? []
}
const granted = (role: HumanRoleName, tree: readonly SynthesizedStack[] = stacks): Statement[] =>
  resourcesOf(tree, 'AWS::IAM::ManagedPolicy')
    .filter(({ Properties }) => Properties?.['ManagedPolicyName'] === names.humanRole(role))
    .flatMap(({ Properties }) => (Properties!['PolicyDocument'] as { Statement: Statement[] }).Statement)
const actionsOf = (role: HumanRoleName, tree?: readonly SynthesizedStack[]): string[] =>
  granted(role, tree).flatMap(({ Action }) => [Action].flat())

/** What each privilege means in calls of AWS: who has a call has the privilege, whatever it was granted as. */
/** What is asked at the desk, which tells it apart by the role of the caller. */
const AT_DESK: readonly Privilege[] = [
  'start-runbooks',
  'approve',
  'close-incidents',
  'restore-configuration',
  'ask-for-elevation',
  'order-disposals',
  'approve-disposals',
]
const CALLS = {
  desk: /^lambda:InvokeFunctionUrl$/,
  'start-runbooks': /^states:StopExecution$/,
  attest: /^dynamodb:PutItem$/,
  'back-up': /^(backup:StartBackupJob|rds:CreateDBSnapshot)$/,
  restore: /^(backup:StartRestoreJob|rds:Restore\w+)$/,
  'administer-keys': /^kms:(CancelKeyDeletion|EnableKey|EnableKeyRotation|RotateKeyOnDemand)$/,
  'read-evidence': /^(s3:ListBucketVersions|s3:GetObjectVersion|cloudtrail:LookupEvents)$/,
  'end-recovery-points':
    /^backup:(DeleteRecoveryPoint|UpdateRecoveryPointLifecycle|DeleteBackupVaultLockConfiguration)$/,
}
/** What nobody is granted: data, roles, a machine with an input of his own, the end of a key, a vault. */
const NOBODY =
  /^(rds-db:connect|rds-data:|rds:DownloadDBLogFilePortion|rds:StartExportTask|rds:DeleteDB|secretsmanager:|ssm:GetParameter|iam:(?!PassRole$)|sts:|states:StartExecution|kms:(ScheduleKeyDeletion|DisableKey|PutKeyPolicy|Encrypt|CreateGrant)|backup:(Put|DeleteBackupVault(?!LockConfiguration$))|s3:(Delete|PutBucket|BypassGovernance))/

const matrix = (tree?: readonly SynthesizedStack[]) =>
  Object.fromEntries(
    ROLES.map((role) => [
      role,
      (Object.keys(CALLS) as (keyof typeof CALLS)[]).filter((privilege) =>
        actionsOf(role, tree).some((action) => CALLS[privilege].test(action)),
      ),
    ]),
  )
const declared = Object.fromEntries(
  ROLES.map((role) => {
    const does: readonly string[] = HUMAN_ROLES[role].does
    const desk = AT_DESK.some((privilege) => does.includes(privilege))
    return [role, Object.keys(CALLS).filter((call) => (call === 'desk' ? desk : does.includes(call)))]
  }),
)
/** The tree with one statement more in the policy of a role. */
function withGrant(role: HumanRoleName, Action: string): SynthesizedStack[] {
  const planted = structuredClone(stacks)
  const [policyResource] = resourcesOf(planted, 'AWS::IAM::ManagedPolicy').filter(
    ({ Properties }) => Properties?.['ManagedPolicyName'] === names.humanRole(role),
  )
  ;(policyResource!.Properties!['PolicyDocument'] as { Statement: Statement[] }).Statement.push({
    Effect: 'Allow',
    Action,
    Resource: 'x',
  })
  return planted
}

describe('the separation matrix', () => {
  it('is what the templates grant, call by call', () => {
    expect(matrix()).toEqual(declared)
  })

  it.each([
    ['auditor', 'states:StopExecution'],
    ['backup-operator', 'backup:DeleteRecoveryPoint'],
    ['operator', 'rds:RestoreDBInstanceToPointInTime'],
    ['restore-operator', 'kms:EnableKey'],
  ] as const)('sees that %s was granted %s', (role, action) => {
    expect(matrix(withGrant(role, action))).not.toEqual(declared)
  })

  it('grants nobody data, roles, the end of a key or the lock of a vault', () => {
    const found = (tree?: readonly SynthesizedStack[]) =>
      ROLES.flatMap((role) => actionsOf(role, tree).filter((action) => NOBODY.test(action)))
    expect(found()).toEqual([])
    for (const action of [
      'rds-db:connect',
      'secretsmanager:GetSecretValue',
      'iam:AttachRolePolicy',
      'kms:DisableKey',
      'states:StartExecution',
    ])
      expect(found(withGrant('break-glass', action))).toEqual([action])
  })

  it('lets people read objects of the evidence alone', () => {
    const read = ROLES.flatMap((role) =>
      granted(role)
        .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('s3:')))
        .flatMap(({ Resource }) => [Resource].flat()),
    )
    const evidence = names.roles.map((role) => names.bucketArn('evidence', role))
    expect(read.filter((arn) => !evidence.some((bucket) => String(arn).startsWith(bucket)))).toEqual([])
    expect(read.length).toBeGreaterThan(0)
  })
})

describe('the roles of people', () => {
  const fresh = {
    Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    NumericLessThan: { 'aws:MultiFactorAuthAge': '1800' },
  }

  it.each(ROLES.filter((role) => HUMAN_ROLES[role].taken === 'standing'))(
    '%s is taken from the account of people, with a second factor of the last half hour, under the own name',
    (role) => {
      const [statement, ...more] = trustOf(role)
      expect(more).toEqual([])
      expect(JSON.stringify(statement?.Principal)).toContain('444455556666:root')
      expect(statement?.Condition).toEqual({ ...fresh, StringEquals: { 'sts:RoleSessionName': '${aws:username}' } })
    },
  )

  it.each(ROLES.filter((role) => HUMAN_ROLES[role].taken === 'elevated'))('%s is taken by the desk alone', (role) => {
    const principals = trustOf(role).map(({ Principal }) => Principal?.AWS)
    expect(principals).toEqual([names.roleArnOf('desk', 'recovery')])
  })

  it('opens the last resort to one sealed user with a second factor, under the own name', () => {
    const [statement] = trustOf('break-glass')
    expect(JSON.stringify(statement?.Principal)).toContain('111122223333:root')
    const sealed = {
      ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/break-glass' },
      StringEquals: { 'sts:RoleSessionName': 'break-glass' },
    }
    expect(statement?.Condition).toMatchObject({ ...fresh, ...sealed })
  })

  it('is taken by permission sets where people come from Identity Center, each under the own name', () => {
    const identity = { from: 'identity-center', permissionSetPrefix: 'Recovery-', personAttribute: 'person' } as const
    const tree = synthesize({ ...policy, people: { ...policy.people, identity } })
    const [statement] = trustOf('operator', tree)
    expect(statement?.Condition).toEqual({
      ArnLike: {
        'aws:PrincipalArn':
          'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Recovery-operator_*',
      },
      StringEquals: { 'sts:RoleSessionName': '${aws:PrincipalTag/person}' },
    })
  })

  it('stand once in the account, and not in the region that may be lost', () => {
    const regions = stacks.filter(({ name }) => name.includes('-access-')).map(({ region }) => region)
    expect(regions).toEqual([names.region('recovery')])
  })

  it('has no user, and no last resort where the policy has none', () => {
    expect(resourcesOf(stacks, 'AWS::IAM::User', 'AWS::IAM::AccessKey', 'AWS::IAM::Group')).toEqual([])
    const none = { mode: 'none', reason: 'no sealed credentials are kept anywhere' } as const
    const tree = synthesize({ ...policy, people: { ...policy.people, breakGlass: none } })
    expect([trustOf('break-glass', tree), granted('break-glass', tree)]).toEqual([[], []])
  })

  it('open at the desk only to requests that Lambda has verified', () => {
    const urls = resourcesOf(stacks, 'AWS::Lambda::Url').map(({ Properties }) => Properties?.['AuthType'])
    expect(urls).toEqual(['AWS_IAM'])
  })
})
