/** Types that MiniStack creates; `read-back` says how much of each. A type gets here once it was seen created. */
export const CREATED: ReadonlySet<string> = new Set([
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupVault',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::GlobalTable',
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::ECS::TaskDefinition',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::LogGroup',
  'AWS::Logs::ResourcePolicy',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::StepFunctions::StateMachine',
])

/** Resources that MiniStack refuses: all of a type, or those that set a property. */
export interface Missing {
  readonly type: string
  /** @default every resource of the type is refused */
  readonly having?: string
  /** What the deployment therefore does not show. */
  readonly notShown: string
}

/**
 * What MiniStack 1.5.33 refuses. Each such resource becomes a placeholder that creates nothing and is listed in the report.
 * It has to be refused still: what MiniStack has learned since fails the run.
 */
export const MISSING: readonly Missing[] = [
  { type: 'AWS::Backup::BackupSelection', notShown: 'which resources a backup plan takes in' },
  { type: 'AWS::Backup::Framework', notShown: 'that AWS judges the backups' },
  { type: 'AWS::Backup::ReportPlan', notShown: 'that AWS reports on the backups' },
  { type: 'AWS::Backup::RestoreTestingPlan', notShown: 'that restore tests are planned' },
  { type: 'AWS::Backup::RestoreTestingSelection', notShown: 'which copies a restore test restores, and where to' },
  { type: 'AWS::CloudTrail::Trail', notShown: 'that calls are recorded' },
  { type: 'AWS::CloudWatch::Alarm', having: 'Metrics', notShown: 'alarms over an expression of several metrics' },
  { type: 'AWS::CloudWatch::CompositeAlarm', notShown: 'that alarms combine' },
  { type: 'AWS::Config::ConfigRule', notShown: 'that resources are judged' },
  { type: 'AWS::Config::ConfigurationRecorder', notShown: 'that changes of resources are recorded' },
  { type: 'AWS::Config::DeliveryChannel', notShown: 'where their history is delivered' },
  { type: 'AWS::EC2::FlowLog', notShown: 'that network flows are logged' },
  { type: 'AWS::EC2::SecurityGroupEgress', notShown: 'rules between security groups of one stack' },
  { type: 'AWS::EC2::SecurityGroupIngress', notShown: 'rules between security groups of one stack' },
  { type: 'AWS::GuardDuty::Detector', notShown: 'that anybody looks for intruders' },
  { type: 'AWS::IAM::ServiceLinkedRole', notShown: 'the role under which AWS Backup writes reports' },
  { type: 'AWS::Route53::HealthCheck', notShown: 'health checks, and so every switch of a name by itself' },
  { type: 'AWS::SecretsManager::ResourcePolicy', notShown: 'who may read a secret' },
  { type: 'AWS::SecretsManager::RotationSchedule', notShown: 'that secrets rotate' },
]

/** What the recovery stands on: without it a green deployment would say nothing, so no placeholder may take its place. */
const INDISPENSABLE: readonly RegExp[] = [
  /^AWS::Backup::.*Vault$/,
  /^AWS::DynamoDB::/,
  /^AWS::KMS::/,
  /^AWS::RDS::DB(Cluster|Instance)$/,
  /^AWS::S3::Bucket$/,
  /^AWS::StepFunctions::StateMachine$/,
]
export const isIndispensable = (type: string): boolean => INDISPENSABLE.some((pattern) => pattern.test(type))
