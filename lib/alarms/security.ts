import { SENSITIVE_CALLS, type SensitiveCall } from '../../core/detection/sensitive-calls'
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
interface Calls {
  readonly service: string
  readonly names: readonly string[]
  readonly having?: SensitiveCall['having']
}

const callsOf = (byDeployment: SensitiveCall['byDeployment']): Calls[] =>
  Object.values<SensitiveCall>(SENSITIVE_CALLS)
    .filter((kind) => kind.byDeployment === byDeployment)
    .flatMap(({ calls, having }) =>
      Object.entries(calls).map(([service, names]) => ({ service, names, ...(having && { having }) })),
    )

const HOLD_DATA = ['backup', 'dynamodb', 'kms', 'rds', 's3']

/** Rules by name; three, since a pattern has 2,048 characters at most (EventBridge user guide, quotas). */
const RULES = {
  'sensitive-calls': callsOf('never'),
  'data-beside-deployment': callsOf('expected').filter(({ service }) => HOLD_DATA.includes(service)),
  'control-beside-deployment': callsOf('expected').filter(({ service }) => !HOLD_DATA.includes(service)),
}

/** Ends what has expired, and the copies that a restore test made: neither is anybody's doing. */
const NOT_AWS_BACKUP = [{ exists: false }, { 'anything-but': ['backup.amazonaws.com'] }]

/** Calls of the register that a region sees, without those of a reviewed deployment where a deployment makes such calls. */
export const sensitiveCalls = ({ names }: Pick<Region, 'names'>): DetectionRuleProps[] =>
  Object.entries(RULES).map(([purpose, calls]) => ({
    purpose,
    opens: 'incidents',
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        userIdentity: {
          invokedBy: NOT_AWS_BACKUP,
          ...(calls !== RULES['sensitive-calls'] && {
            sessionContext: {
              sessionIssuer: {
                arn: [{ exists: false }, { 'anything-but': { prefix: names.deploymentRolesPrefix() } }],
              },
            },
          }),
        },
        $or: calls.map(({ service, names: eventName, having }) => ({
          eventSource: [`${service}.amazonaws.com`],
          eventName,
          ...(having && { requestParameters: having }),
        })),
      },
    },
  }))

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
