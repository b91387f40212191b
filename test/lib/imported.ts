import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2'
import { Key, type IKey } from 'aws-cdk-lib/aws-kms'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { PostgresInstanceProps } from '../../lib/constructs/postgres-surroundings'

export const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/1234'

/** A key that another stack made. */
export const importedKey = (scope: Construct): IKey => Key.fromKeyArn(scope, 'Key', KEY_ARN)

/** A network that another stack made: two isolated subnets and a group. */
export function importedNetwork(scope: Construct) {
  const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
    isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  })
  const securityGroup = SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1')
  return { vpc, subnets: vpc.isolatedSubnets, securityGroup }
}

/** Everything that a database instance is given, of either role. */
export const instanceProps = (scope: Construct): PostgresInstanceProps => {
  const key = importedKey(scope)
  return {
    ...importedNetwork(scope),
    instanceIdentifier: 'db-g1',
    databaseName: 'clinic',
    engineVersion: '18.3',
    engineMajor: 18,
    instanceClass: 'r7g.large',
    storageGigabytes: 100,
    tlsMinimum: 'TLSv1.3',
    maintenanceWindow: 'Sun:07:00-Sun:08:00',
    key,
    logKey: key,
    logRetention: RetentionDays.ONE_YEAR,
    monitoringRoleName: 'monitoring-eu-west-1',
  }
}
