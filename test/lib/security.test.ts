import { SENSITIVE_CALLS, type SensitiveCall } from '../../core/detection/sensitive-calls'
import { withRecoveryRegion } from '../../core/policy'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { PRESETS } from '../policy/presets'
import { matches } from './event-pattern'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'
import { exampleOf } from '../core/detection/example-of'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const { regions } = policy.topology

interface Rule {
  readonly region: string
  readonly name: string
  readonly pattern: object
  readonly targets: readonly { readonly Id: string; readonly Arn: unknown }[]
}
const rulesOf = (tree: readonly SynthesizedStack[]): Rule[] =>
  resourcesOf(tree, 'AWS::Events::Rule').map(({ region, Properties }) => ({
    region,
    name: String(Properties?.['Name']),
    pattern: Properties?.['EventPattern'] as object,
    targets: Properties?.['Targets'] as Rule['targets'],
  }))
const rules = rulesOf(stacks)
const inRegion = (region: string) => rules.filter((rule) => rule.region === region)

const OPERATOR = { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::1:role/operator' } } }
const DEPLOYMENT = {
  type: 'AssumedRole',
  invokedBy: 'cloudformation.amazonaws.com',
  sessionContext: { sessionIssuer: { arn: names.deploymentRoleArn('primary') } },
}
const AWS_BACKUP = { ...OPERATOR, invokedBy: 'backup.amazonaws.com' }
const USER = { type: 'IAMUser', userName: 'somebody' }

const called = (
  service: string,
  eventName: string,
  userIdentity: object = OPERATOR,
  requestParameters: object = {},
) => ({
  source: `aws.${service}`,
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventSource: `${service}.amazonaws.com`, eventName, userIdentity, requestParameters },
})
/** Targets of the rules of a region that an event meets. */
const meets = (region: string, event: object): string[] =>
  inRegion(region)
    .filter(({ pattern }) => matches(pattern, event))
    .flatMap(({ targets }) => targets.map(({ Id }) => Id))

const CALLS = Object.entries<SensitiveCall>(SENSITIVE_CALLS).filter(([, { signIn }]) => !signIn)
const EVERY = CALLS.flatMap(([id, kind]) =>
  Object.entries(kind.calls).flatMap(([service, calls]) =>
    calls.map((call) => {
      const parameters = Object.fromEntries(
        Object.entries(kind.having ?? {}).map(([name, [value]]) => [name, exampleOf(value)]),
      )
      return { id, service, call, parameters, kind }
    }),
  ),
)

describe('a sensitive call', () => {
  it.each(EVERY)('$id: $service $call is kept and opens an incident, or is handed on to where it does', (of) => {
    for (const identity of [OPERATOR, USER]) {
      const event = called(of.service, of.call, identity, of.parameters)
      for (const region of [regions.primary, regions.recovery]) expect(meets(region, event)).toEqual(['log', 'intake'])
      for (const region of [regions.witness, GLOBAL_SERVICES_REGION]) expect(meets(region, event)).toEqual(['bus'])
    }
  })

  it.each(EVERY)('$id: $service $call by a deployment opens one only where no deployment has to make it', (of) => {
    const met = meets(regions.primary, called(of.service, of.call, DEPLOYMENT, of.parameters))
    expect(met).toEqual(of.kind.byDeployment === 'never' ? ['log', 'intake'] : [])
  })

  it.each(EVERY.filter(({ kind }) => kind.byFunctions))(
    '$id: $service $call by the function that has to make it is none, and by any other one it is',
    (of) => {
      const by = (name: string, role: 'primary' | 'recovery') =>
        meets(
          regions.recovery,
          called(of.service, of.call, {
            type: 'AssumedRole',
            sessionContext: { sessionIssuer: { arn: names.roleArnOf(name, role) } },
          }),
        )
      for (const name of of.kind.byFunctions!) {
        expect(by(name, 'recovery')).toEqual([])
        expect(by(`${name}-too`, 'recovery')).toEqual(['log', 'intake'])
      }
      expect(by('guard', 'primary')).toEqual(['log', 'intake'])
    },
  )

  it('is a shorter history than the policy demands, and none that is as long', () => {
    const { pointInTimeRetentionDays } = policy.backup
    const kept = (backupRetentionPeriod: number) =>
      meets(regions.primary, called('rds', 'ModifyDBInstance', OPERATOR, { backupRetentionPeriod }))
    expect([kept(0), kept(pointInTimeRetentionDays - 1), kept(pointInTimeRetentionDays)]).toEqual([
      ['log', 'intake'],
      ['log', 'intake'],
      [],
    ])
  })

  it('is root that signs in, where such events are recorded, and nobody else', () => {
    const signedIn = (type: string) => ({
      source: 'aws.signin',
      'detail-type': 'AWS Console Sign In via CloudTrail',
      detail: { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', userIdentity: { type } },
    })
    expect(meets(GLOBAL_SERVICES_REGION, signedIn('Root'))).toEqual(['bus'])
    expect(meets(regions.recovery, signedIn('Root'))).toEqual(['log', 'intake'])
    expect(meets(GLOBAL_SERVICES_REGION, signedIn('IAMUser'))).toEqual([])
  })

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
  it('is looked for among calls that only read too, of which taking the role of last resort is one', () => {
    const taken = called('sts', 'AssumeRole', USER, { roleArn: names.breakGlassRoleArn() })
    const states = resourcesOf(stacks, 'AWS::Events::Rule')
      .filter(({ Properties }) => matches(Properties?.['EventPattern'] as object, taken))
      .map(({ region, Properties }) => [region, Properties?.['State']])
    expect(new Set(states.map(([region]) => region))).toEqual(
      new Set([...Object.values(regions), GLOBAL_SERVICES_REGION]),
    )
    expect(new Set(states.map(([, state]) => state))).toEqual(
      new Set(['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']),
    )
  })

  it('can be the taking of the last resort only in a region where a rule looks for it', () => {
    const role = resourcesOf(stacks, 'AWS::IAM::Role').find(
      ({ Properties }) => Properties?.['RoleName'] === names.humanRole('break-glass'),
    )
    const trust = role!.Properties!['AssumeRolePolicyDocument'] as {
      Statement: { Condition: { StringEquals: Record<string, string[]> } }[]
    }
    const allowed = trust.Statement.flatMap(({ Condition }) => Condition.StringEquals['aws:RequestedRegion'] ?? [])
    const taken = called('sts', 'AssumeRole', USER, { roleArn: names.breakGlassRoleArn() })
    expect(allowed.length).toBeGreaterThan(0)
    for (const region of allowed) expect([region, meets(region, taken)]).not.toEqual([region, []])
  })

  it('is none when AWS Backup ends what has expired, or removes the copy of a restore test', () => {
    for (const call of ['DeleteDBSnapshot', 'DeleteDBInstance'])
      expect(meets(regions.primary, called('rds', call, AWS_BACKUP))).toEqual([])
  })

  it('is none with parameters that do no harm, nor is a call that only reads', () => {
    expect(meets(regions.primary, called('rds', 'ModifyDBInstance', OPERATOR, { deletionProtection: true }))).toEqual(
      [],
    )
    expect(meets(regions.primary, called('backup', 'ListBackupVaults'))).toEqual([])
    expect(meets(regions.primary, called('lambda', 'DeleteAlias'))).toEqual([])
  })
})

describe('a finding of GuardDuty', () => {
  const found = (severity: number) => ({
    source: 'aws.guardduty',
    'detail-type': 'GuardDuty Finding',
    detail: { severity },
  })

  it('opens an incident from the weight on that the policy says, in each region with a detector', () => {
    const { incidentFrom } = policy.governance.findings
    for (const region of [regions.primary, regions.recovery])
      expect([meets(region, found(incidentFrom)), meets(region, found(incidentFrom - 0.1))]).toEqual([
        ['log', 'intake'],
        [],
      ])
    expect(meets(regions.witness, found(incidentFrom))).toEqual(['bus'])
  })
})

describe('the rules on the bus', () => {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
  it('have patterns of 2,048 characters at most, which EventBridge accepts without a raised quota', () => {
    for (const { name, pattern } of rules) expect([name, JSON.stringify(pattern).length <= 2048]).toEqual([name, true])
  })

  it('hand what they cannot deliver to the dead letters', () => {
    const handed = rules.flatMap(({ targets }) => targets.filter(({ Id }) => Id === 'intake'))
    expect(handed.length).toBeGreaterThan(0)
    for (const target of handed) expect(target).toMatchObject({ DeadLetterConfig: { Arn: expect.anything() } })
  })

  it('hand everything of another region to the bus of the region from which recovery is run', () => {
    const handed = rules.flatMap(({ targets }) => targets.filter(({ Id }) => Id === 'bus'))
    expect(new Set(handed.map(({ Arn }) => Arn))).toEqual(new Set([names.eventBusArn('recovery')]))
  })

  it('only count and page in a topology of one region, which has no place for incidents', () => {
    const brazil = rulesOf(synthesize(PRESETS['brazil-only'])).filter(({ region }) => region === regions.primary)
    const met = brazil.filter(({ pattern }) => matches(pattern, called('backup', 'DeleteRecoveryPoint')))
    expect(met.flatMap(({ targets }) => targets.map(({ Id }) => Id))).toEqual(['log'])
  })
})
