import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

export interface MachineScheduleProps {
  readonly scheduleName: string
  readonly roleName: string
  readonly stateMachineArn: string
  readonly key: IKey
  /** Time between two starts. */
  readonly everyMinutes: number
}

/** Starts a state machine at a steady pace. A start that AWS refuses is tried again: what follows may be due once a day only. */
export class MachineSchedule extends Construct {
  constructor(scope: Construct, id: string, props: MachineScheduleProps) {
    super(scope, id)
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'scheduler.amazonaws.com',
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [props.stateMachineArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt'], resources: [props.key.keyArn] }),
      ],
    })
    new CfnSchedule(this, 'Resource', {
      name: props.scheduleName,
      scheduleExpression: `rate(${props.everyMinutes} minutes)`,
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: props.key.keyArn,
      target: {
        arn: props.stateMachineArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumRetryAttempts: 3 },
      },
    })
  }
}
