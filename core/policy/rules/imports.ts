import type { Policy } from '../schema'
import { rule, when, type Finding, type Rules } from './rule'

type ImportedDatabase = Extract<Policy['imports']['database'], { readonly mode: 'import' }>

/** Applies a check only where the database is imported. */
const whereImported =
  (check: (database: ImportedDatabase, policy: Policy) => readonly Finding[]) =>
  (policy: Policy): readonly Finding[] =>
    policy.imports.database.mode === 'import' ? check(policy.imports.database, policy) : []

const importedDatabaseIsAPrimary = rule(
  'only a database that writes is imported; a replica is made by us',
  ['imports.database.generation', 'topology.instances'],
  whereImported(({ generation }, { topology: { instances } }) =>
    when(
      !instances.some((instance) => instance.generation === generation && instance.role === 'primary'),
      'imports.database.generation',
      `is ${generation}, no primary of the topology`,
      'name the generation of the primary',
    ),
  ),
)

// A group admits another one of its own network, and a client in a network of ours has no route out of it.
const importedDatabaseStandsInAnImportedNetwork = rule(
  'our functions stand in the network of the database that they speak to',
  ['imports.database.mode', 'imports.database.generation', 'topology.network', 'topology.instances'],
  whereImported(({ generation }, { topology }) => {
    const role = topology.instances.find((candidate) => candidate.generation === generation)?.region
    const network = new Map(Object.entries(topology.network)).get(role ?? 'primary')
    return when(
      network?.mode === 'create',
      `topology.network.${role ?? 'primary'}.mode`,
      "is 'create' beside an imported database, which no function in that network could reach",
      'import the network in which the database stands',
    )
  }),
)

// AWS Backup writes its retention into the instance: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2167
const importedDatabaseKeepsThePlansRetention = rule(
  'whoever owns the imported database and our plan do not overwrite each other',
  ['imports.database.backupRetentionDays', 'backup.pointInTimeRetentionDays'],
  whereImported(({ backupRetentionDays }, { backup: { pointInTimeRetentionDays } }) =>
    when(
      backupRetentionDays !== pointInTimeRetentionDays,
      'imports.database.backupRetentionDays',
      `is ${backupRetentionDays}, while the plan writes ${pointInTimeRetentionDays} into the instance`,
      'set the same retention where the instance is declared',
    ),
  ),
)

const importedDatabaseKeyIsItsOwn = rule(
  'the imported database is encrypted with a key of its own region and account',
  ['imports.database.kmsKeyArn', 'topology.accountId', 'topology.regions'],
  whereImported(({ generation, kmsKeyArn }, { topology }) => {
    const instance = topology.instances.find((candidate) => candidate.generation === generation)
    const region = regionOf(topology, instance?.region ?? 'primary')
    return when(
      !kmsKeyArn.startsWith(`arn:aws:kms:${region}:${topology.accountId}:`),
      'imports.database.kmsKeyArn',
      `is '${kmsKeyArn}', no key of ${topology.accountId} in ${region}`,
      'name the key that the instance shows',
    )
  }),
)

// Properties of the instance itself, which only the template that declares it can set.
const importedDatabaseReplicatesNoHistory = rule(
  'no history is promised in the recovery region that no template of ours switches on',
  ['imports.database.mode', 'mechanisms.crossRegionPointInTime.mode'],
  whereImported((_database, { mechanisms: { crossRegionPointInTime } }) =>
    when(
      crossRegionPointInTime.mode === 'replicated',
      'imports.database.mode',
      "is 'import' while mechanisms.crossRegionPointInTime is 'replicated', which only its own template can set",
      'declare it there and none here with a reason, or let us create the database',
    ),
  ),
)

const importedKeysAreOfTheirRegion = rule(
  'an imported key stands where it is used',
  ['imports.keys', 'topology.regions', 'topology.accountId'],
  ({ imports: { keys }, topology }) =>
    keys.mode === 'create'
      ? []
      : keys.existing.flatMap(({ region: role, arn }, i) => {
          const region = regionOf(topology, role)
          return when(
            region === undefined || !arn.startsWith(`arn:aws:kms:${region}:${topology.accountId}:`),
            `imports.keys.existing.${i}.arn`,
            `is '${arn}', no key of ${topology.accountId} in ${region ?? `a ${role} region, which the topology lacks`}`,
            'name a key of that region',
          )
        }),
)

const importedKeysAreNamedOnce = rule(
  'each purpose of a region has one key',
  ['imports.keys'],
  ({ imports: { keys } }) =>
    keys.mode === 'create'
      ? []
      : keys.existing.flatMap(({ region, purpose }, i, all) =>
          when(
            all.findIndex((other) => other.region === region && other.purpose === purpose) !== i,
            `imports.keys.existing.${i}.purpose`,
            `'${purpose}' of the ${region} region is named twice`,
            'keep one of them',
          ),
        ),
)

const regionOf = ({ regions }: Policy['topology'], role: 'primary' | 'recovery' | 'witness'): string | undefined =>
  new Map(Object.entries(regions)).get(role)

export const importRules: Rules = {
  importedDatabaseIsAPrimary,
  importedDatabaseStandsInAnImportedNetwork,
  importedDatabaseKeepsThePlansRetention,
  importedDatabaseKeyIsItsOwn,
  importedDatabaseReplicatesNoHistory,
  importedKeysAreOfTheirRegion,
  importedKeysAreNamedOnce,
}
