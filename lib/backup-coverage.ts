/** A resource of some stack that holds data, and the tags it carries. */
export interface DataHolder {
  readonly id: string
  readonly type: string
  readonly stack: string
  readonly region: string
  readonly tags: Readonly<Record<string, string>>
}

/** What a plan of a region selects by. */
export interface PlanTag {
  readonly region: string
  readonly key: string
  readonly value: string
}

/** Why what a kind of resource holds is in no plan of AWS Backup, and what keeps it instead. */
interface Exemption {
  readonly type: string
  /** Part of the name of the stack, such as `-evidence-`. @default any stack */
  readonly stack?: string
  readonly reason: string
}

/** Every exemption there is; one that matches nothing is a finding, so that no reason outlives what it was written for. */
export const WITHOUT_A_PLAN: readonly Exemption[] = [
  {
    type: 'AWS::RDS::DBInstance',
    stack: '-replica-',
    reason: 'a replica is a copy; its promotion sets the tag by which the plan of its region selects it',
  },
  {
    type: 'AWS::S3::Bucket',
    stack: '-evidence-',
    reason:
      'Object Lock keeps each record for its term and the next region holds a copy; a restore could only add doubt',
  },
  {
    type: 'AWS::S3::Bucket',
    stack: '-archive-',
    reason: 'Object Lock keeps each object for the years of its class and the other region holds a copy',
  },
  {
    type: 'AWS::S3::Bucket',
    stack: '-code-',
    reason: 'locked copies themselves, in both regions, of what every clone holds',
  },
  {
    type: 'AWS::S3::Bucket',
    stack: '-audit-',
    reason: 'tells what was, and nobody may delete in it; a restore could only add doubt',
  },
  {
    type: 'AWS::S3::Bucket',
    stack: '-configuration-',
    reason: 'locked copies themselves: every version of the settings, acknowledged in both regions',
  },
  {
    type: 'AWS::SecretsManager::Secret',
    stack: '-configuration-',
    reason:
      'its owner holds the value and Secrets Manager its replica; which version is in force stands in the locked copies',
  },
  {
    type: 'AWS::S3::Bucket',
    stack: '-coordination-',
    reason: 'the traffic switch: one object, written again by one call, and dangerous from the past',
  },
  {
    type: 'AWS::DynamoDB::GlobalTable',
    stack: '-coordination-',
    reason:
      'point-in-time recovery of its own, and two regions hold every write; a writer epoch restored from the past would allow two writers',
  },
  { type: 'AWS::KMS::Key', reason: 'a key has no copy; deleting and disabling it is denied to everybody' },
  { type: 'AWS::Backup::BackupVault', reason: 'holds the backups' },
  {
    type: 'AWS::SecretsManager::Secret',
    stack: '-database-',
    reason: 'a password that rotates: a restored database is given a new one',
  },
]

/** What neither a plan of its region selects by a tag nor an exemption explains, and exemptions that explain nothing. */
export function coverageGaps(
  holders: readonly DataHolder[],
  plans: readonly PlanTag[],
  exemptions: readonly Exemption[] = WITHOUT_A_PLAN,
): readonly string[] {
  const planned = ({ region, tags }: DataHolder) =>
    plans.some((plan) => plan.region === region && tags[plan.key] === plan.value)
  const exempt = ({ type, stack }: DataHolder, exemption: Exemption) =>
    type === exemption.type && stack.includes(exemption.stack ?? '')
  return [
    ...holders
      .filter((holder) => !planned(holder) && !exemptions.some((exemption) => exempt(holder, exemption)))
      .map(({ id, type }) => `${id} (${type}) is in no backup plan and nobody wrote why`),
    ...exemptions
      .filter((exemption) => !holders.some((holder) => exempt(holder, exemption)))
      .map(({ type, stack }) => `the exemption of ${type} in '${stack ?? 'any stack'}' matches nothing`),
  ]
}
