import type { HumanRoleName } from '../../core/access/human-roles'
import { withRecoveryRegion } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { Grants } from '../lib/grants'
import { verdict, type Call } from '../lib/iam-evaluation'
import { resourcesOf, synthesize } from '../lib/synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const grants = new Grants(stacks, names.accountId)

/** The tree with every occurrence of an action replaced by one that nothing asks for. */
const without = (action: string): Grants =>
  new Grants(
    JSON.parse(JSON.stringify(stacks).replaceAll(`"${action}"`, '"kms:Nothing"')) as typeof stacks,
    names.accountId,
  )

describe('a grant on a key', () => {
  it('is admitted by the policy of that key, for every role of every function and of people', () => {
    expect(grants.refusedByKeys()).toEqual([])
    expect(grants.holders().flatMap(({ statements }) => statements).length).toBeGreaterThan(200)
  })

  it('is seen where a key does not delegate it', () => {
    const planted = structuredClone(stacks)
    for (const { Properties } of resourcesOf(planted, 'AWS::KMS::Key')) {
      const { Statement } = Properties!['KeyPolicy'] as { Statement: { Sid?: string; Action: string[] }[] }
      const administration = Statement.find(({ Sid }) => Sid === 'Administration')!
      administration.Action = administration.Action.filter((action) => action !== 'kms:RotateKeyOnDemand')
    }
    const refused = new Grants(planted, names.accountId).refusedByKeys()
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.filter((grant) => !grant.includes('-key-administrator-'))).toEqual([])
  })
})

const key = (purpose: 'evidence' | 'operations', of = grants): Pick<Call, 'resource' | 'context'> => {
  const alias = names.keyAlias(purpose)
  const { arn } = of
    .keys()
    .find(({ aliases, region }) => aliases.includes(alias) && region === names.region('recovery'))!
  return { resource: arn, context: { 'kms:ResourceAliases': alias } }
}
const execution = names.stateMachineArn('recovery', 'region-failover').replace(':stateMachine:', ':execution:')
const record = `${names.bucketArn('evidence', 'recovery')}/records/${names.region('recovery')}/operator/1.json`
const table = names.coordinationTableArn('recovery')
const desk = names.functionArn('recovery', 'desk')
const snapshot = `arn:aws:rds:${names.region('recovery')}:${names.accountId}:snapshot:awsbackup:job-1`
const anyMoment = `arn:aws:backup:${names.region('primary')}:${names.accountId}:recovery-point:continuous:db-1`
const viaStates = (given: Pick<Call, 'resource' | 'context'>) => ({
  ...given,
  context: { ...given.context, 'kms:ViaService': `states.${names.region('recovery')}.amazonaws.com` },
})

type Asked = [what: string, role: HumanRoleName, call: Omit<Call, 'principal'>]

/** Every call that a command, or a guide, makes people make. */
const CALLS: readonly Asked[] = [
  ['find the desk', 'operator', { action: 'lambda:GetFunctionUrlConfig', resource: desk }],
  ...(['operator', 'backup-operator', 'incident-commander', 'records-commission', 'break-glass'] as const).flatMap(
    (role): Asked[] => [
      [
        'call the desk',
        role,
        { action: 'lambda:InvokeFunctionUrl', resource: desk, context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      ],
      [
        'be let in by the desk',
        role,
        { action: 'lambda:InvokeFunction', resource: desk, context: { 'lambda:InvokedViaFunctionUrl': 'true' } },
      ],
    ],
  ),
  [
    'look at the health of the platform',
    'operator',
    { action: 'lambda:InvokeFunction', resource: names.functionArn('recovery', 'health-check') },
  ],
  ['read how a run went', 'operator', { action: 'states:GetExecutionHistory', resource: `${execution}:r-1` }],
  ['decrypt how a run went', 'operator', { action: 'kms:Decrypt', ...viaStates(key('operations')) }],
  [
    'see whether evidence has a next record',
    'operator',
    { action: 's3:ListBucket', resource: names.bucketArn('evidence', 'recovery') },
  ],
  ['read a record', 'operator', { action: 's3:GetObject', resource: record }],
  ['append a record', 'operator', { action: 's3:PutObject', resource: record }],
  ['seal a record', 'operator', { action: 'kms:GenerateDataKey', ...key('evidence') }],
  [
    'attest a task',
    'operator',
    { action: 'dynamodb:PutItem', resource: table, context: { 'dynamodb:LeadingKeys': 'tasks' } },
  ],
  ['rotate a key', 'key-administrator', { action: 'kms:RotateKeyOnDemand', ...key('evidence') }],
  [
    'look at what a restore takes',
    'restore-operator',
    { action: 'backup:GetRecoveryPointRestoreMetadata', resource: snapshot },
  ],
  ['restore a snapshot', 'restore-operator', { action: 'backup:StartRestoreJob', resource: snapshot }],
  ['restore to any moment', 'restore-operator', { action: 'backup:StartRestoreJob', resource: anyMoment }],
  ['follow a restore', 'restore-operator', { action: 'backup:DescribeRestoreJob', resource: '*' }],
  [
    'hand a restore its role',
    'restore-operator',
    {
      action: 'iam:PassRole',
      resource: names.roleArnOf('restore-testing', 'recovery'),
      context: { 'iam:PassedToService': 'backup.amazonaws.com' },
    },
  ],
  ['end a recovery point', 'break-glass', { action: 'backup:DeleteRecoveryPoint', resource: snapshot }],
  [
    'lift the lock of a vault',
    'break-glass',
    { action: 'backup:DeleteBackupVaultLockConfiguration', resource: names.vaultArn('recovery', 'snapshots') },
  ],
]

/** What nobody's own policy may let him do. */
const REFUSED: readonly Asked[] = [
  [
    'start a machine',
    'operator',
    { action: 'states:StartExecution', resource: names.stateMachineArn('recovery', 'region-failover') },
  ],
  [
    'start a machine',
    'break-glass',
    { action: 'states:StartExecution', resource: names.stateMachineArn('recovery', 'region-failover') },
  ],
  ['decrypt operations by himself', 'operator', { action: 'kms:Decrypt', ...key('operations') }],
  [
    'approve in the table',
    'incident-commander',
    { action: 'dynamodb:PutItem', resource: table, context: { 'dynamodb:LeadingKeys': 'approvals' } },
  ],
  [
    'lift the lock of a vault',
    'operator',
    { action: 'backup:DeleteBackupVaultLockConfiguration', resource: names.vaultArn('recovery', 'snapshots') },
  ],
  [
    'write evidence of a function',
    'operator',
    { action: 's3:PutObject', resource: record.replace('/operator/', '/desk/') },
  ],
]

const said = (of: Grants, [, role, call]: Asked) => of.verdictFor(names.humanRole(role), call)

describe('people', () => {
  it.each(CALLS)('can %s as %s', (...asked) => {
    expect(said(grants, asked)).toBe('allow')
  })

  it.each(REFUSED)('cannot %s as %s', (...asked) => {
    expect(said(grants, asked)).toBe('none')
  })

  it.each(CALLS.map((asked) => [asked[2].action, asked] as const))(
    'are seen to lack %s where no policy grants it',
    (action, asked) => {
      expect(said(without(action), asked)).toBe('none')
    },
  )

  it('end recovery points in no vault but as the last resort', () => {
    const of = (role: HumanRoleName, action: string) =>
      verdict(grants.vaultPolicies(), { principal: grants.roleArn(names.humanRole(role)), action })
    for (const action of ['backup:DeleteRecoveryPoint', 'backup:DeleteBackupVaultLockConfiguration'])
      expect([of('break-glass', action), of('restore-operator', action)]).toEqual(['none', 'deny'])
  })
})

describe('a role for one task', () => {
  const taken = names.humanRole('restore-operator')
  const somebody = { 'sts:SourceIdentity': 'person-0123456789ab' }

  it('is taken by the desk, which says for whom', () => {
    expect(grants.mayTake(names.role('desk', 'recovery'), taken, somebody)).toBe(true)
  })

  it.each([
    ['the desk that names nobody', names.role('desk', 'recovery'), {}],
    ['the desk that names something else', names.role('desk', 'recovery'), { 'sts:SourceIdentity': 'root' }],
    ['another function', names.role('incident-intake', 'recovery'), somebody],
    ['a person', names.humanRole('operator'), somebody],
  ])('is not taken by %s', (_, caller, context) => {
    expect(grants.mayTake(caller, taken, context)).toBe(false)
  })

  it('cannot be opened where trust or policy says nothing of a source identity', () => {
    expect(without('sts:SetSourceIdentity').mayTake(names.role('desk', 'recovery'), taken, somebody)).toBe(false)
  })
})

describe('a role', () => {
  it('trusts nobody who has to be made by hand before it: IAM refuses a principal that does not exist', () => {
    expect(grants.trustedByName().filter((arn) => !grants.roleArns().includes(arn))).toEqual([])
    expect(grants.trustedByName()).toContain(names.roleArnOf('desk', 'recovery'))
  })

  it('is seen to trust a user that no template makes', () => {
    const planted = structuredClone(stacks)
    const [role] = resourcesOf(planted, 'AWS::IAM::Role')
    const trust = role!.Properties!['AssumeRolePolicyDocument'] as { Statement: { Principal: unknown }[] }
    trust.Statement[0]!.Principal = { AWS: 'arn:aws:iam::111122223333:user/break-glass' }
    const of = new Grants(planted, names.accountId)
    expect(of.trustedByName().filter((arn) => !of.roleArns().includes(arn))).toEqual([
      'arn:aws:iam::111122223333:user/break-glass',
    ])
  })
})

describe('the last resort', () => {
  const taken = names.humanRole('break-glass')
  const fresh = {
    'aws:MultiFactorAuthPresent': 'true',
    'aws:MultiFactorAuthAge': '60',
    'aws:RequestedRegion': 'eu-west-1',
    'sts:RoleSessionName': 'break-glass',
  }
  const of = (principal: string, context: Call['context'] = fresh) =>
    verdict(grants.trustOf(taken), { principal, action: 'sts:AssumeRole', context })
  const user = 'arn:aws:iam::111122223333:user/break-glass'

  it('is taken by the sealed user with a fresh second factor, and by nobody else of the account', () => {
    expect(of(user)).toBe('allow')
    expect(of(user, { ...fresh, 'aws:MultiFactorAuthAge': '3600' })).toBe('none')
    expect(of(user, {})).toBe('none')
    expect(of(user, { ...fresh, 'sts:RoleSessionName': 'aaaaaaaaaaaa' })).toBe('none')
    // Where nobody looks, nobody takes it.
    expect(of(user, { ...fresh, 'aws:RequestedRegion': 'us-west-2' })).toBe('none')
    expect(of('arn:aws:iam::111122223333:user/somebody')).toBe('none')
    expect(of(grants.roleArn(names.humanRole('operator')))).toBe('none')
  })
})
