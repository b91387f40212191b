import { RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Repository, TagMutability } from 'aws-cdk-lib/aws-ecr'
import { CfnCluster, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import { Construct } from 'constructs'
import type { Json } from '../../core/json'
import { LoggedStateMachine } from './logged-state-machine'
import type { IsolatedNetwork } from './recovery-function'
import { ServiceRole } from './service-role'

export interface ScheduledTaskProps {
  /** Physical name of the cluster, the task, its machine and its schedule. */
  readonly name: string
  /** Names of the roles: each carries its region. */
  readonly roleNames: {
    readonly task: string
    readonly execution: string
    readonly machine: string
    readonly schedule: string
  }
  /** Pinned by digest: a tag can be moved, and what runs here reads every patient. */
  readonly image: { readonly repository: string; readonly digest: string }
  readonly cpuUnits: number
  readonly memoryMegabytes: number
  readonly environment: Readonly<Record<string, string>>
  /**
   * Folder that the image declares as a volume of its user, for files that are gone with the run.
   * @default none: nothing can be written inside
   */
  readonly scratch?: string
  /** What the task itself may do. */
  readonly statements: readonly PolicyStatement[]
  readonly network: IsolatedNetwork
  readonly cron: string
  readonly timeZone: string
  readonly timeoutMinutes: number
  readonly key: IKey
  readonly logRetention: RetentionDays
}

/** Name of the variable by which a task learns for which time it was started. */
const SCHEDULED_AT = 'SCHEDULED_AT'
/** A task that could not start or was ended by Fargate is started again; what it has kept already stays. */
const RETRY = { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 600, MaxAttempts: 2, BackoffRate: 1 }

/**
 * A container that runs on a schedule, for what no function has the time for: Fargate in the isolated subnets, started by a
 * state machine that waits for its end, so that a run that failed is seen as one.
 */
export class ScheduledTask extends Construct {
  constructor(scope: Construct, id: string, props: ScheduledTaskProps) {
    super(scope, id)
    const { name, roleNames, image, key } = props
    const { region, account } = Stack.of(this)
    const ownTasks = { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:${region}:${account}:*` } }
    const repository = new Repository(this, 'Images', {
      repositoryName: image.repository,
      imageTagMutability: TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/ecs/${name}`,
      encryptionKey: key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { role: execution } = new ServiceRole(this, 'ExecutionRole', {
      roleName: roleNames.execution,
      service: 'ecs-tasks.amazonaws.com',
      conditions: ownTasks,
      statements: [
        // Knows no resource (service authorization reference of ECR).
        new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
        new PolicyStatement({
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          resources: [repository.repositoryArn],
        }),
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logs.logGroupArn],
        }),
      ],
    })
    const { role: task } = new ServiceRole(this, 'TaskRole', {
      roleName: roleNames.task,
      service: 'ecs-tasks.amazonaws.com',
      conditions: ownTasks,
      statements: props.statements,
    })
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: name,
      clusterSettings: [{ name: 'containerInsights', value: 'enabled' }],
    })
    const definition = new CfnTaskDefinition(this, 'Task', {
      family: name,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(props.cpuUnits),
      memory: String(props.memoryMegabytes),
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      executionRoleArn: execution.roleArn,
      taskRoleArn: task.roleArn,
      // On the disk of the task, which Fargate encrypts and throws away with it.
      ...(props.scratch !== undefined && { volumes: [{ name: SCRATCH }] }),
      containerDefinitions: [
        {
          name,
          image: `${repository.repositoryUri}@${image.digest}`,
          essential: true,
          // What is kept streams through; nothing is written inside but to what is there for it.
          readonlyRootFilesystem: true,
          ...(props.scratch !== undefined && {
            mountPoints: [{ sourceVolume: SCRATCH, containerPath: props.scratch, readOnly: false }],
          }),
          user: UNPRIVILEGED,
          environment: Object.entries(props.environment).map(([variable, value]) => ({ name: variable, value })),
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': logs.logGroupName, 'awslogs-region': region, 'awslogs-stream-prefix': 'run' },
          },
        },
      ],
    })
    const machine = new LoggedStateMachine(this, 'Machine', {
      stateMachineName: name,
      roleName: roleNames.machine,
      key,
      logRetention: props.logRetention,
      definition: this.runToItsEnd(name, cluster.attrArn, definition.attrTaskDefinitionArn, props),
      statements: [
        new PolicyStatement({ actions: ['ecs:RunTask'], resources: [definition.attrTaskDefinitionArn] }),
        new PolicyStatement({
          actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
          resources: [`arn:aws:ecs:${region}:${account}:task/${name}/*`],
        }),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [execution.roleArn, task.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
        // By which Step Functions learns that a task ended: https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
        new PolicyStatement({
          actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'],
          resources: [`arn:aws:events:${region}:${account}:rule/StepFunctionsGetEventsForECSTaskRule`],
        }),
      ],
    })
    this.startOnTime(machine.stateMachineArn, props)
  }

  private runToItsEnd(
    name: string,
    cluster: string,
    definition: string,
    { network, timeoutMinutes }: ScheduledTaskProps,
  ): Json {
    return {
      StartAt: 'run',
      // Of all attempts together: the rule about maintenance and the alarm count with it.
      TimeoutSeconds: timeoutMinutes * 60,
      States: {
        run: {
          Type: 'Task',
          Resource: 'arn:aws:states:::ecs:runTask.sync',
          Parameters: {
            Cluster: cluster,
            TaskDefinition: definition,
            LaunchType: 'FARGATE',
            NetworkConfiguration: {
              AwsvpcConfiguration: {
                Subnets: network.subnets.map(({ subnetId }) => subnetId),
                SecurityGroups: [network.securityGroup.securityGroupId],
                AssignPublicIp: 'DISABLED',
              },
            },
            Overrides: {
              ContainerOverrides: [{ Name: name, Environment: [{ Name: SCHEDULED_AT, 'Value.$': '$.scheduledAt' }] }],
            },
          },
          Retry: [RETRY],
          End: true,
        },
      },
    }
  }

  private startOnTime(machineArn: string, { name, roleNames, cron, timeZone, key }: ScheduledTaskProps): void {
    const { role } = new ServiceRole(this, 'ScheduleRole', {
      roleName: roleNames.schedule,
      service: 'scheduler.amazonaws.com',
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] }),
        new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
      ],
    })
    new CfnSchedule(this, 'Schedule', {
      name,
      scheduleExpression: cron,
      scheduleExpressionTimezone: timeZone,
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: key.keyArn,
      target: {
        arn: machineArn,
        roleArn: role.roleArn,
        // The scheduler puts the time in: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
        input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
        retryPolicy: { maximumRetryAttempts: 3 },
      },
    })
  }
}

const SCRATCH = 'scratch'
/** User and group `node` of the image. */
const UNPRIVILEGED = '1000:1000'
