import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

export interface FunctionScheduleProps {
  readonly scheduleName: string
  readonly roleName: string
  readonly target: IFunction
  readonly key: IKey
  /** Time between two starts. */
  readonly everyMinutes: number
}

/** Starts a function at a steady pace and never repeats a missed start: the next one is soon, and a late one may be worse than none. */
export class FunctionSchedule extends Construct {
  constructor(scope: Construct, id: string, props: FunctionScheduleProps) {
    super(scope, id)
    const { everyMinutes } = props
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
      scheduleExpression: `rate(${everyMinutes} minute${everyMinutes === 1 ? '' : 's'})`,
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
