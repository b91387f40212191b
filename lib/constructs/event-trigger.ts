import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'

export interface EventTriggerProps {
  readonly ruleName: string
  readonly pattern: object
  readonly targets: readonly IFunction[]
}

/**
 * Starts functions when an event arrives on the default bus. EventBridge repeats a start that was refused for a day; what a
 * function then cannot do lands in its own dead letters.
 */
export class EventTrigger extends Construct {
  constructor(scope: Construct, id: string, { ruleName, pattern, targets }: EventTriggerProps) {
    super(scope, id)
    const rule = new CfnRule(this, 'Resource', {
      name: ruleName,
      eventPattern: pattern,
      targets: targets.map(({ functionArn }, i) => ({ id: `function-${i + 1}`, arn: functionArn })),
    })
    targets.forEach(
      ({ functionArn }, i) =>
        new CfnPermission(this, `Permission${i + 1}`, {
          action: 'lambda:InvokeFunction',
          functionName: functionArn,
          principal: 'events.amazonaws.com',
          sourceArn: rule.attrArn,
        }),
    )
  }
}
