import { row, words, type ProtectionRow } from './row'

/** Who gets in, and where traffic goes. */
export const REACH: readonly ProtectionRow[] = [
  row('AWS::Route53::HealthCheck', 'HealthCheckConfig', 'objective', 'unchanged', 'what decides where traffic goes'),
  row('AWS::Route53::RecordSet', 'TTL', 'objective', 'no-more', 'seconds that clients remember an address'),
  row('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', 'access', 'no-new-entries', 'who is let in'),
  row('AWS::EC2::SecurityGroupIngress', 'SourceSecurityGroupId', 'access', 'unchanged', 'who is let in'),
  row('AWS::IAM::Role', 'AssumeRolePolicyDocument', 'access', 'no-new-grants', 'who may take the role'),
  row('AWS::IAM::ManagedPolicy', 'PolicyDocument', 'access', 'no-new-grants', 'what the role may do'),
  // Without a rule AWS lets everything out:
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
  row('AWS::EC2::SecurityGroup', 'SecurityGroupEgress', 'access', 'no-new-entries', 'where traffic may go', [
    { CidrIp: '0.0.0.0/0', IpProtocol: '-1' },
  ]),
  row('AWS::EC2::SecurityGroupEgress', 'DestinationSecurityGroupId', 'access', 'unchanged', 'where traffic may go'),
  row('AWS::IAM::Policy', 'PolicyDocument', 'access', 'no-new-grants', 'what the role may do'),
  row('AWS::IAM::Role', 'Policies.*.PolicyDocument', 'access', 'no-new-grants', 'what the role may do by itself'),
  row('AWS::IAM::Role', 'ManagedPolicyArns', 'access', 'no-new-entries', 'policies of the role'),
  row('AWS::IAM::Role', 'PermissionsBoundary', 'access', 'unchanged', 'bounds of the role'),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html: an hour by default.
  row('AWS::IAM::Role', 'MaxSessionDuration', 'access', 'no-more', 'seconds that a session of the role lasts', 3600),
  row('AWS::Events::EventBusPolicy', 'Statement', 'access', 'no-new-grants', 'who may send events'),
  words('AWS::Lambda::Url', 'AuthType', 'access', 'who may call the function', ['AWS_IAM', 'NONE']),
  row('AWS::EC2::FlowLog', 'TrafficType', 'alarm', 'unchanged', 'traffic that is recorded'),
]
