import { row, type ProtectionRow } from './row'

/** Who gets in, and where traffic goes. */
export const REACH: readonly ProtectionRow[] = [
  row('AWS::Route53::HealthCheck', 'HealthCheckConfig', 'objective', 'unchanged', 'what decides where traffic goes'),
  row('AWS::Route53::RecordSet', 'TTL', 'objective', 'no-more', 'seconds that clients remember an address'),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', 'access', 'no-new-entries', 'who is let in'),
  row('AWS::EC2::SecurityGroupIngress', 'SourceSecurityGroupId', 'access', 'unchanged', 'who is let in'),
  row('AWS::IAM::Role', 'AssumeRolePolicyDocument', 'access', 'no-new-grants', 'who may take the role'),
  row('AWS::IAM::ManagedPolicy', 'PolicyDocument', 'access', 'no-new-grants', 'what the role may do'),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', 'access', 'no-new-entries', 'where traffic may go'),
  row('AWS::EC2::SecurityGroupEgress', 'DestinationSecurityGroupId', 'access', 'unchanged', 'where traffic may go'),
  row('AWS::EC2::FlowLog', 'TrafficType', 'alarm', 'unchanged', 'traffic that is recorded'),
]
