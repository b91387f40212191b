import { CfnRestoreTestingPlan, CfnRestoreTestingSelection } from 'aws-cdk-lib/aws-backup'
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role'

export interface RestoreTestingProps {
  readonly plans: readonly RestoreTestPlan[]
  readonly roleName: string
  /** Where and how a copy is made. Without it AWS Backup restores into the default VPC, and fails where there is none. */
  readonly copy: CopySettings
}

/** What is restored on one schedule. */
export interface RestoreTestPlan {
  readonly planName: string
  readonly selectionName: string
  /** AWS cron expression in the time zone. */
  readonly cron: string
  readonly timeZone: string
  readonly startWindowHours: number
  readonly recoveryPoint: 'latest' | 'random'
  readonly recoveryPointType: 'SNAPSHOT' | 'CONTINUOUS'
  readonly selectionWindowDays: number
  readonly validationWindowHours: number
  /** Vaults whose recovery points are restored. */
  readonly vaultArns: readonly string[]
  /** Instances whose recovery points are restored, or all that the vaults hold. */
  readonly resourceArns: readonly string[] | 'all'
}

export interface CopySettings {
  readonly subnetGroupName: string
  readonly parameterGroupName: string
  /** JSON list of the ids of its security groups. */
  readonly securityGroupIds: string
  /** Such as `db.r7g.large`. */
  readonly instanceClass: string
}

/**
 * Restores recovery points of database instances by schedule. AWS Backup looks at no data: whoever validates a copy reports
 * the verdict, and the copy is thrown away then or at the end of the window.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
 */
export class RestoreTesting extends Construct {
  constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id)
    // Restoring and backing up are two privileges: this role cannot back up, and neither can delete a recovery point.
    const { role } = new ServiceRole(this, 'Role', {
      roleName: props.roleName,
      service: 'backup.amazonaws.com',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForRestores')],
    })
    for (const [at, tests] of props.plans.entries()) {
      const [planId, selectionId] = idsOf(tests, at)
      const plan = new CfnRestoreTestingPlan(this, planId, {
        restoreTestingPlanName: tests.planName,
        scheduleExpression: tests.cron,
        scheduleExpressionTimezone: tests.timeZone,
        startWindowHours: tests.startWindowHours,
        recoveryPointSelection: {
          algorithm: tests.recoveryPoint === 'latest' ? 'LATEST_WITHIN_WINDOW' : 'RANDOM_WITHIN_WINDOW',
          includeVaults: [...tests.vaultArns],
          recoveryPointTypes: [tests.recoveryPointType],
          selectionWindowDays: tests.selectionWindowDays,
        },
      })
      const selection = new CfnRestoreTestingSelection(this, selectionId, {
        restoreTestingPlanName: tests.planName,
        restoreTestingSelectionName: tests.selectionName,
        iamRoleArn: role.roleArn,
        protectedResourceType: 'RDS',
        protectedResourceArns: tests.resourceArns === 'all' ? ['*'] : [...tests.resourceArns],
        restoreMetadataOverrides: overrides(props.copy),
        validationWindowHours: tests.validationWindowHours,
      })
      selection.node.addDependency(plan)
    }
  }
}

const idsOf = ({ recoveryPointType }: RestoreTestPlan, at: number): readonly [plan: string, selection: string] => {
  if (recoveryPointType === 'CONTINUOUS') return ['Continuous', 'ContinuousDatabases']
  return at === 0 ? ['Resource', 'Databases'] : ['Newest', 'NewestDatabases']
}

/**
 * Keys that AWS documents for database instances; their case does not matter. What else it infers shows
 * `aws backup get-restore-testing-inferred-metadata`, to be compared before the first deployment.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
 */
const overrides = (copy: CopySettings): Record<string, string> => ({
  dbSubnetGroupName: copy.subnetGroupName,
  vpcSecurityGroupIds: copy.securityGroupIds,
  dbParameterGroupName: copy.parameterGroupName,
  dbInstanceClass: copy.instanceClass,
  multiAz: 'false',
  publiclyAccessible: 'false',
  enableIAMDatabaseAuthentication: 'true',
})
