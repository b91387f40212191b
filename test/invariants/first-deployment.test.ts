import { withRecoveryRegion, type Policy } from '../../core/policy'
import { resourcesOf, synthesize, type SynthesizedStack } from '../lib/synth'
import { PRESETS } from '../policy/presets'

/** What AWS refuses to name before it exists: the stack that names it, and the stack that has it. */
interface Need {
  readonly stack: string
  readonly what: string
  readonly standsIn: string | undefined
}

/** Every resource of another region that a template names in a way that AWS checks at once, read from the templates alone. */
function needsOf(stacks: readonly SynthesizedStack[]): Need[] {
  const text = (value: unknown): string => JSON.stringify(value ?? null)
  const owner = (type: string, property: string, value: string, region?: string) =>
    resourcesOf(stacks, type).find(
      (resource) => resource.Properties?.[property] === value && (!region || resource.region === region),
    )?.stack
  const found = (
    stack: string,
    values: Iterable<RegExpMatchArray>,
    standsIn: (...groups: string[]) => string | undefined,
  ) => [...values].map(([what, ...groups]): Need => ({ stack, what, standsIn: standsIn(...groups) }))
  return [
    ...resourcesOf(stacks, 'AWS::S3::Bucket').flatMap(({ stack, Properties }) =>
      found(
        stack,
        text(Properties?.['ReplicationConfiguration']).matchAll(/"Bucket":"arn:aws:s3:::([^"]+)"/g),
        (bucket = '') => owner('AWS::S3::Bucket', 'BucketName', bucket),
      ),
    ),
    ...resourcesOf(stacks, 'AWS::RDS::DBInstance').flatMap(({ stack, Properties }) =>
      found(
        stack,
        text(Properties?.['SourceDBInstanceIdentifier']).matchAll(/arn:aws:rds:[^:]+:\d+:db:([\w-]+)/g),
        (name = '') => owner('AWS::RDS::DBInstance', 'DBInstanceIdentifier', name),
      ),
    ),
    ...resourcesOf(stacks, 'AWS::SecretsManager::Secret').flatMap(({ stack, Properties }) =>
      found(
        stack,
        text(Properties?.['ReplicaRegions']).matchAll(/arn:aws:kms:([^:]+):\d+:(alias\/[^"]+)"/g),
        (region = '', alias = '') => owner('AWS::KMS::Alias', 'AliasName', alias, region),
      ),
    ),
    ...resourcesOf(stacks, 'AWS::Backup::BackupPlan').flatMap(({ stack, Properties }) =>
      found(
        stack,
        text(Properties).matchAll(/"DestinationBackupVaultArn":"arn:aws:backup:([^:]+):\d+:backup-vault:([\w-]+)"/g),
        (region = '', vault = '') => owner('AWS::Backup::BackupVault', 'BackupVaultName', vault, region),
      ),
    ),
  ]
}

/** Needs whose stack may be deployed before the one that has what it needs. */
function unordered(stacks: readonly SynthesizedStack[]): string[] {
  const before = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const dependency of stacks.find((stack) => stack.name === name)?.dependencies ?? [])
      if (!seen.has(dependency)) before(dependency, seen.add(dependency))
    return seen
  }
  return needsOf(stacks)
    .filter(({ stack, standsIn }) => !standsIn || (standsIn !== stack && !before(stack).has(standsIn)))
    .map(({ stack, what, standsIn }) => `${stack} needs ${what} of ${standsIn ?? 'nobody'}`)
}

const rebuilding = ({ topology, transfers, ...policy }: ReturnType<typeof withRecoveryRegion>): Policy => ({
  ...policy,
  transfers,
  topology: {
    ...topology,
    active: 'recovery',
    instances: [...topology.instances, { generation: 3, region: 'primary', role: 'replica', source: 2 }],
  },
})
const production = PRESETS['eu-west-1']

describe.each<[string, Policy]>([
  ['beside eu-west-1', production],
  ['beside us-east-2', PRESETS['us-east-2']],
  ['in Brazil alone', PRESETS['brazil-only']],
  ['while the primary region is rebuilt', rebuilding(withRecoveryRegion(production))],
])('deploying everything into an empty account %s', (_which, policy) => {
  const stacks = synthesize(policy)

  test('finds each bucket, source, key and vault that it names', () => {
    expect(unordered(stacks)).toEqual([])
    expect(needsOf(stacks).length > 10).toBe(policy.topology.preset !== 'brazil-only')
  })

  test('would not, if its stacks came in any order', () => {
    const loose = stacks.map((stack) => ({ ...stack, dependencies: [] }))
    expect(unordered(loose).length).toBe(needsOf(stacks).filter(({ stack, standsIn }) => stack !== standsIn).length)
  })
})
