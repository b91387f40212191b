import { limitOf, SENSITIVE_CALLS, type SensitiveCall, type Wanted } from '../../core/detection/sensitive-calls'
import type { DetectionRuleProps } from '../constructs/detection-rules'
import type { Region } from '../composition/region'
import { matchesOf, type AlarmSpec, type DataRegion } from './spec'

/** EventBridge counts a rule's matches each minute; five gather what belongs together. */
const EVENT_MINUTES = 5

/** Every alarm of ours that begins to ring. */
export const ringingAlarms = ({ alarmPrefix }: Pick<Region['names'], 'alarmPrefix'>): DetectionRuleProps => ({
  purpose: 'alarms',
  opens: 'incidents',
  pattern: {
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [{ prefix: alarmPrefix }], state: { value: ['ALARM'] } },
  },
})

/** Findings of GuardDuty from the weight on from which the policy makes them incidents. */
export const findings = ({ policy }: Pick<Region, 'policy'>): DetectionRuleProps => ({
  purpose: 'security-finding',
  opens: 'incidents',
  pattern: {
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', policy.governance.findings.incidentFrom] }] },
  },
})

/** Calls of the register, as an alternative of a pattern for each service. */
interface Calls extends Pick<SensitiveCall, 'having' | 'byFunctions' | 'signIn'> {
  readonly service: string
  readonly names: readonly string[]
}

const KINDS = Object.values<SensitiveCall>(SENSITIVE_CALLS)
/** Nobody makes them but a function of ours, or nobody does at all. */
const isReserved = ({ byFunctions, signIn }: SensitiveCall): boolean =>
  byFunctions !== undefined || signIn !== undefined
const callsOf = (kinds: readonly SensitiveCall[]): Calls[] =>
  kinds.flatMap(({ calls, ...kind }) => Object.entries(calls).map(([service, names]) => ({ ...kind, service, names })))

const HOLD_DATA = ['backup', 'dynamodb', 'kms', 'rds', 's3']
const UNRESERVED = KINDS.filter((kind) => !isReserved(kind))
const NEVER = callsOf(UNRESERVED.filter(({ byDeployment }) => byDeployment === 'never'))
const EXPECTED = callsOf(UNRESERVED.filter(({ byDeployment }) => byDeployment === 'expected'))

/** Rules by name; several, since a pattern has 2,048 characters at most (EventBridge user guide, quotas). */
const RULES = {
  'sensitive-calls': NEVER,
  'data-beside-deployment': EXPECTED.filter(({ service }) => HOLD_DATA.includes(service)),
  'control-beside-deployment': EXPECTED.filter(({ service }) => !HOLD_DATA.includes(service)),
  'reserved-calls': callsOf(KINDS.filter(isReserved)),
} as const

/** Ends what has expired, and the copies that a restore test made: neither is anybody's doing. */
const NOT_AWS_BACKUP = [{ exists: false }, { 'anything-but': ['backup.amazonaws.com'] }]
const notOf = (roles: object | readonly string[]) => ({
  sessionContext: { sessionIssuer: { arn: [{ exists: false }, { 'anything-but': roles }] } },
})

/** Calls of the register that a region sees, without those of whoever has to make them. */
export const sensitiveCalls = ({ names, policy }: Pick<Region, 'names' | 'policy'>): DetectionRuleProps[] =>
  Object.entries(RULES).map(([purpose, calls]) => ({
    purpose,
    opens: 'incidents',
    // Taking a role is one, and EventBridge keeps those back from other rules.
    readOnlyCalls: 'too',

    pattern: {
      'detail-type': ['AWS API Call via CloudTrail', ...(calls.some(({ signIn }) => signIn) ? [SIGN_IN] : [])],
      detail: {
        // Each alternative of the reserved ones says by itself whose they are.
        ...(calls !== RULES['reserved-calls'] && {
          userIdentity: {
            invokedBy: NOT_AWS_BACKUP,
            ...(calls !== RULES['sensitive-calls'] && notOf({ prefix: names.deploymentRolesPrefix() })),
          },
        }),
        $or: calls.map(({ service, names: eventName, having, byFunctions, signIn }) => ({
          eventSource: [`${service}.amazonaws.com`],
          eventName,
          ...(having && { requestParameters: mapped(having, (wanted) => operatorOf(policy, wanted)) }),
          ...(byFunctions && { userIdentity: notOf(byFunctions.flatMap((of) => rolesOf(names, of))) }),
          ...(signIn && { userIdentity: { type: ['Root'] } }),
        })),
      },
    },
  }))

/** Root signs in in us-east-1. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html */
const SIGN_IN = 'AWS Console Sign In via CloudTrail'

const operatorOf = (policy: Pick<Region, 'policy'>['policy'], wanted: Wanted) =>
  typeof wanted === 'object' && 'below' in wanted ? { numeric: ['<', limitOf(policy, wanted)] } : wanted

const mapped = <From, To>(lists: Readonly<Record<string, readonly From[]>>, map: (value: From) => To) =>
  Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, list.map(map)]))

/** Roles of a function, wherever it stands. */
const rolesOf = (names: Region['names'], name: string): string[] =>
  names.dataRoles.map((role) => names.roleArnOf(name, role))

/** Pages on findings and calls, also where nothing opens incidents. */
export function securityAlarms({ names }: DataRegion): AlarmSpec[] {
  const any = { rings: 'above', threshold: 0, periods: 1, silence: 'is-fine' } as const
  const matches = (rule: string) => matchesOf(names.eventRule(rule), EVENT_MINUTES)
  return [
    { id: 'security-finding', metric: matches('security-finding'), ...any },
    ...Object.keys(RULES).map((rule): AlarmSpec => ({
      id: 'sensitive-call',
      subject: rule,
      metric: matches(rule),
      ...any,
    })),
  ]
}
