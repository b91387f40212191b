import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Names } from '../names'
import { ServiceRole } from './service-role'

export interface AlarmEventsProps {
  readonly names: Names
  readonly to:
    | { readonly kind: 'function'; readonly function: IFunction; readonly deadLetters: IQueue }
    | { readonly kind: 'bus'; readonly arn: string; readonly roleName: string }
}

/** Hands every alarm of ours that begins to ring to a function, or to the bus of the region that has one. */
export class AlarmEvents extends Construct {
  constructor(scope: Construct, id: string, { names, to }: AlarmEventsProps) {
    super(scope, id)
    const rule = new CfnRule(this, 'Resource', {
      name: names.eventRule('alarms'),
      eventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: names.alarmPrefix }], state: { value: ['ALARM'] } },
      },
      targets: [
        to.kind === 'bus'
          ? { id: 'bus', arn: to.arn, roleArn: this.roleFor(to) }
          : { id: 'function', arn: to.function.functionArn, deadLetterConfig: { arn: to.deadLetters.queueArn } },
      ],
    })
    if (to.kind === 'function')
      new CfnPermission(this, 'Permission', {
        action: 'lambda:InvokeFunction',
        functionName: to.function.functionArn,
        principal: 'events.amazonaws.com',
        sourceArn: rule.attrArn,
      })
  }

  private roleFor({ arn, roleName }: { readonly arn: string; readonly roleName: string }): string {
    const statements = [new PolicyStatement({ actions: ['events:PutEvents'], resources: [arn] })]
    const { role } = new ServiceRole(this, 'Role', { roleName, service: 'events.amazonaws.com', statements })
    return role.roleArn
  }
}
