import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { DatabaseInstanceEngine, ParameterGroup, PostgresEngineVersion, SubnetGroup } from 'aws-cdk-lib/aws-rds'
import type { Construct } from 'constructs'
import { EventTrigger } from '../constructs/event-trigger'
import { FunctionFleet, type FunctionFleetProps } from '../constructs/function-fleet'
import { FunctionSchedule } from '../constructs/function-schedule'
import { settingsOfCopies } from '../constructs/postgres-settings'
import type { RecoveryNetwork } from '../constructs/recovery-network'
import { RestoreTesting, type RestoreTestingProps } from '../constructs/restore-testing'

export interface RestoreTestingStackProps extends StackProps, Omit<FunctionFleetProps, 'network'> {
  readonly plans: RestoreTestingProps['plans']
  readonly roleName: string
  /** How often what passed lately is counted. */
  readonly countEveryMinutes: number
  readonly isolated: Pick<RecoveryNetwork, 'vpc' | 'subnets' | 'validators' | 'copies'>
  readonly instance: {
    readonly engineVersion: string
    readonly engineMajor: number
    readonly tlsMinimum: 'TLSv1.2' | 'TLSv1.3'
    /** Without the `db.` prefix. */
    readonly instanceClass: string
  }
}

/** Restores recovery points of this region by schedule, into isolated subnets, and has every copy examined. */
export class RestoreTestingStack extends Stack {
  constructor(scope: Construct, id: string, props: RestoreTestingStackProps) {
    super(scope, id, props)
    const { isolated, instance, plans, roleName } = props
    const { vpc, subnets } = isolated
    const subnetGroup = new SubnetGroup(this, 'Subnets', {
      vpc,
      vpcSubnets: { subnets: [...subnets] },
      description: 'Isolated subnets of copies that are restored as a test',
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { engineVersion, engineMajor, tlsMinimum, instanceClass } = instance
    const parameters = new ParameterGroup(this, 'Parameters', {
      engine: DatabaseInstanceEngine.postgres({
        version: PostgresEngineVersion.of(engineVersion, String(engineMajor)),
      }),
      description: 'Settings of copies that are restored as a test',
      parameters: settingsOfCopies(tlsMinimum),
    })
    new RestoreTesting(this, 'Tests', {
      plans,
      roleName,
      copy: {
        subnetGroupName: subnetGroup.subnetGroupName,
        parameterGroupName: parameters.bindToInstance({}).parameterGroupName,
        securityGroupIds: this.toJsonString([isolated.copies.securityGroupId]),
        instanceClass: `db.${instanceClass}`,
      },
    })
    const fleet = new FunctionFleet(this, 'Functions', {
      ...props,
      network: { vpc, subnets, securityGroup: isolated.validators },
    })
    const validator = fleet.find('restore-validator')
    if (!validator) throw new Error(`nothing examines the copies that '${this.stackName}' restores`)
    new EventTrigger(this, 'CopyRestored', {
      ruleName: props.around.names.eventRule('copy-restored'),
      // Not narrowed to our plan: which restores are ours the function asks AWS Backup itself.
      pattern: {
        source: ['aws.backup'],
        'detail-type': ['Restore Job State Change'],
        detail: { status: ['COMPLETED'], resourceType: ['RDS'] },
      },
      targets: [validator],
    })
    const { names, role } = props.around
    new FunctionSchedule(this, 'Count', {
      scheduleName: names.function('restore-validator'),
      roleName: names.role('restore-validator-schedule', role),
      target: validator,
      key: props.key,
      everyMinutes: props.countEveryMinutes,
    })
  }
}
