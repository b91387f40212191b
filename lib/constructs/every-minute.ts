import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

export interface EveryMinuteProps {
  readonly scheduleName: string
  readonly roleName: string
  readonly target: IFunction
  readonly key: IKey
}

/** Starts a function each minute and never repeats a missed start: a late renewal of a lease is worse than none. */
export class EveryMinute extends Construct {
  constructor(scope: Construct, id: string, props: EveryMinuteProps) {
    super(scope, id)
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'scheduler.amazonaws.com',
      statements: [
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.target.functionArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt'], resources: [props.key.keyArn] }),
      ],
    })
    new CfnSchedule(this, 'Resource', {
      name: props.scheduleName,
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: props.key.keyArn,
      target: {
        arn: props.target.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    })
  }
}
