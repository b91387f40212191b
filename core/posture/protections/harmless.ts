/** What may change freely, and why that protects no less. `*` as type: in every type. */
export interface Harmless {
  readonly type: string
  readonly path: string
  readonly because: string
}

const WORDS = 'words for people; nothing reads them'
const TAGS =
  'no plan and no permission rests on tags of this type; those of databases and buckets, by which plans select, have rows'

/** Paths that no version has to keep. Whatever is in no row and not here is held exactly as it is. */
export const HARMLESS: readonly Harmless[] = [
  { type: '*', path: 'Description', because: WORDS },
  { type: '*', path: 'Tags', because: TAGS },
  { type: 'AWS::Backup::BackupVault', path: 'BackupVaultTags', because: TAGS },
  { type: 'AWS::Backup::BackupPlan', path: 'BackupPlanTags', because: TAGS },
  { type: 'AWS::Backup::ReportPlan', path: 'ReportPlanTags', because: TAGS },
  { type: 'AWS::Backup::Framework', path: 'FrameworkTags', because: TAGS },
  { type: 'AWS::Backup::Framework', path: 'FrameworkDescription', because: WORDS },
  { type: 'AWS::Route53::HealthCheck', path: 'HealthCheckTags', because: TAGS },
  { type: 'AWS::RDS::DBSubnetGroup', path: 'DBSubnetGroupDescription', because: WORDS },
  { type: 'AWS::EC2::SecurityGroup', path: 'GroupDescription', because: WORDS },
  {
    type: 'AWS::Lambda::Function',
    path: 'Code',
    because: 'a hash of the code, which changes with each commit; what the code does is held by its own tests',
  },
  {
    type: 'AWS::Lambda::Function',
    path: 'Environment.Variables.POLICY_HASH',
    because: 'a hash of the policy, whose every field is held by itself',
  },
  {
    type: 'AWS::ECS::TaskDefinition',
    path: 'ContainerDefinitions.*.Environment.[POLICY_HASH].Value',
    because: 'a hash of the policy, whose every field is held by itself',
  },
  {
    type: 'AWS::Lambda::Function',
    path: 'MemorySize',
    because: 'capacity: with less a function is slower, and one that fails for it raises the alarm of its errors',
  },
  {
    type: 'AWS::Lambda::Function',
    path: 'Runtime',
    because: 'a newer runtime is another word; that all functions have the one in use is an invariant of its own',
  },
  {
    type: 'AWS::RDS::DBInstance',
    path: 'DBInstanceClass',
    because: 'capacity, not protection; feasibility takes restore speed from the policy, and load has its alarms',
  },
  {
    type: 'AWS::RDS::DBInstance',
    path: 'AllocatedStorage',
    because: 'capacity, not protection; RDS refuses to shrink it, and a full disk has its alarm',
  },
  {
    type: 'AWS::RDS::DBInstance',
    path: 'EngineVersion',
    because: 'RDS refuses an older version of a running instance; without a version the one in place stays',
  },
]

/** Types that may come, go and change, each with the reason. Every other type protects. */
export const HARMLESS_TYPES: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'says which version of the CDK wrote the template',
  'AWS::CloudWatch::Dashboard': 'draws what the alarms tell without it',
  'AWS::Lambda::LayerVersion':
    'each version is a resource of its own, replaced with each change of the policy that it carries; that a function has its layers is held at the function',
}

/** Entries that protect more by being there: one that is new is no weakening, whatever stands in it. */
export const MORE_PROTECTS: readonly Harmless[] = [
  {
    type: 'AWS::Backup::BackupPlan',
    path: 'BackupPlan.BackupPlanRule.*',
    because: 'a rule adds recovery points and ends none of another rule',
  },
  {
    type: 'AWS::Backup::BackupPlan',
    path: 'BackupPlan.BackupPlanRule.*.CopyActions.*',
    because: 'a copy more; where it goes is held by the register of transfers',
  },
]
