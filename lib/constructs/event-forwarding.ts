import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Names } from '../names'
import { stateOf, type DetectionRuleProps } from './detection-rules'
import { ServiceRole } from './service-role'

export interface EventForwardingProps {
  readonly names: Names
  readonly rules: readonly Pick<DetectionRuleProps, 'purpose' | 'pattern' | 'readOnlyCalls'>[]
  /** Bus of the region that opens incidents. */
  readonly busArn: string
  readonly roleName: string
}

/** Hands events of a region that opens no incidents to the bus of the one that does. */
export class EventForwarding extends Construct {
  constructor(scope: Construct, id: string, { names, rules, busArn, roleName }: EventForwardingProps) {
    super(scope, id)
    const { role } = new ServiceRole(this, 'Role', {
      roleName,
      service: 'events.amazonaws.com',
      statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [busArn] })],
    })
    for (const { purpose, pattern, ...sought } of rules)
      new CfnRule(this, purpose, {
        name: names.eventRule(purpose),
        eventPattern: pattern,
        ...stateOf(sought),
        targets: [{ id: 'bus', arn: busArn, roleArn: role.roleArn }],
      })
  }
}
