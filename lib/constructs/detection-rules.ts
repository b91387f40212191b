import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnResourcePolicy, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Names } from '../names'

/** One kind of event to look for on the default bus. */
export interface DetectionRuleProps {
  /** Last part of the rule's name, by which an alarm counts its matches. */
  readonly purpose: string
  readonly pattern: object
  /** Whether each event by itself is handed to what opens incidents. @default they are counted only */
  readonly opens?: 'incidents'
  /**
   * Whether calls that only read are looked for too, such as taking a role.
   * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
   * @default EventBridge keeps them back
   */
  readonly readOnlyCalls?: 'too'
}

/** State of the rule of an event. */
export const stateOf = ({ readOnlyCalls }: Pick<DetectionRuleProps, 'readOnlyCalls'>) =>
  readOnlyCalls && { state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' }

export interface DetectionRulesProps {
  readonly names: Names
  readonly rules: readonly DetectionRuleProps[]
  readonly key: IKey
  readonly logRetention: RetentionDays
  /** What opens incidents, and where events wait that it could not take. @default nothing does in this region */
  readonly intake?: { readonly function: IFunction; readonly deadLetters: IQueue }
}

/**
 * Events that are counted by alarms or open incidents, all of them kept in one log group, so that whoever is called can read
 * what was found.
 */
export class DetectionRules extends Construct {
  constructor(scope: Construct, id: string, props: DetectionRulesProps) {
    super(scope, id)
    const { names } = props
    const logs = new LogGroup(this, 'Events', {
      logGroupName: names.eventLog(),
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { account, region } = Stack.of(this)
    const delivery = new CfnResourcePolicy(this, 'Delivery', {
      policyName: names.eventRule('detection'),
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `arn:aws:logs:${region}:${account}:log-group:${names.eventLog()}:*`,
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          },
        ],
      }),
    })
    for (const sought of props.rules) {
      const { purpose, pattern, opens } = sought
      const intake = opens && props.intake
      const rule = new CfnRule(this, purpose, {
        name: names.eventRule(purpose),
        eventPattern: pattern,
        ...stateOf(sought),
        targets: [
          { id: 'log', arn: `arn:aws:logs:${region}:${account}:log-group:${names.eventLog()}` },
          ...(intake
            ? [
                {
                  id: 'intake',
                  arn: intake.function.functionArn,
                  deadLetterConfig: { arn: intake.deadLetters.queueArn },
                },
              ]
            : []),
        ],
      })
      rule.node.addDependency(logs, delivery)
      if (intake)
        new CfnPermission(this, `${purpose}-permission`, {
          action: 'lambda:InvokeFunction',
          functionName: intake.function.functionArn,
          principal: 'events.amazonaws.com',
          sourceArn: rule.attrArn,
        })
    }
  }
}
