import { parsePolicy, type Policy } from '../../core/policy'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { PRESETS } from '../policy/presets'
import { matches } from './event-pattern'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = resolvePolicy('production')
const names = new Names(policy)
const stacks = synthesize(policy)

interface Rule {
  readonly RuleName: string
  readonly ScheduleExpression: string
  readonly ScheduleExpressionTimezone: string
  readonly EnableContinuousBackup?: boolean
  readonly CompletionWindowMinutes: number
  readonly Lifecycle: { readonly DeleteAfterDays: number; readonly MoveToColdStorageAfterDays?: number }
  readonly CopyActions?: readonly {
    readonly DestinationBackupVaultArn: string
    readonly Lifecycle: { readonly DeleteAfterDays: number }
  }[]
}
function rulesOf(tree: readonly SynthesizedStack[], planName: string): Readonly<Record<string, Rule>> {
  const plans = resourcesOf(tree, 'AWS::Backup::BackupPlan').map(
    ({ Properties }) => Properties?.['BackupPlan'] as { BackupPlanName: string; BackupPlanRule: Rule[] },
  )
  const found = plans.find(({ BackupPlanName }) => BackupPlanName === planName)
  return Object.fromEntries((found?.BackupPlanRule ?? []).map((rule) => [rule.RuleName, rule]))
}

describe('the plan of the database', () => {
  const rules = rulesOf(stacks, names.role('database', 'primary'))

  test('takes the daily snapshot at 02:00 of Brasilia, every tier that a class of its tables needs, and continuous backups', () => {
    expect(Object.keys(rules)).toEqual(['daily', 'weekly', 'monthly', 'continuous'])
    expect(rules['daily']).toMatchObject({
      ScheduleExpression: 'cron(0 2 * * ? *)',
      ScheduleExpressionTimezone: 'America/Sao_Paulo',
      Lifecycle: { DeleteAfterDays: 90 },
    })
    expect(rules['continuous']).toMatchObject({
      EnableContinuousBackup: true,
      // Not at the time of the snapshot, which keeps longer and would always be taken in its place.
      ScheduleExpression: 'cron(0 18 * * ? *)',
      Lifecycle: { DeleteAfterDays: 35 },
    })
  })

  test('copies every snapshot to the other region for as long, and never what is continuous', () => {
    const copied = Object.values(rules).map(({ RuleName, Lifecycle, CopyActions }) => [
      RuleName,
      CopyActions?.map((copy) => [copy.DestinationBackupVaultArn, copy.Lifecycle.DeleteAfterDays]),
      Lifecycle.DeleteAfterDays,
    ])
    const to = names.vaultArn('recovery', 'copies')
    expect(copied).toEqual([
      ['daily', [[to, 90]], 90],
      ['weekly', [[to, 182]], 182],
      ['monthly', [[to, 400]], 400],
      ['continuous', undefined, 35],
    ])
  })

  // AWS Backup ignores cold storage for RDS: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
  test('moves nothing to cold storage', () => {
    expect(JSON.stringify(resourcesOf(stacks, 'AWS::Backup::BackupPlan'))).not.toContain('MoveToColdStorage')
  })

  test('has a twin in the recovery region that names nothing and waits for the tag of a promotion', () => {
    expect(Object.keys(rulesOf(stacks, names.role('database', 'recovery')))).toEqual(Object.keys(rules))
    const ofDatabases = resourcesOf(stacks, 'AWS::Backup::BackupSelection').filter(
      ({ region, id }) => region === names.region('recovery') && id.includes('/Database'),
    )
    expect(ofDatabases.map(({ Properties }) => Properties?.['BackupSelection'])).toEqual([
      expect.objectContaining({
        ListOfTags: [{ ConditionKey: 'recovery:backup-plan', ConditionType: 'STRINGEQUALS', ConditionValue: 'writer' }],
      }),
    ])
  })

  // AWS Backup writes its retention into the instance: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2167
  test('keeps continuous backups exactly as long as the template of the instance says', () => {
    const [writer] = resourcesOf(stacks, 'AWS::RDS::DBInstance').filter(({ stack }) => stack.includes('-database-'))
    expect(writer?.Properties?.['BackupRetentionPeriod']).toBe(rules['continuous']?.Lifecycle.DeleteAfterDays)
  })
})

describe('the plan of a bucket', () => {
  test('leaves its first backup, which reads every object, most of a day', () => {
    const completion = (kind: string) => rulesOf(stacks, names.role(kind, 'primary'))['daily']?.CompletionWindowMinutes
    expect([completion('database'), completion('static-assets')]).toEqual([
      policy.backup.schedule.completionWindowMinutes,
      policy.backup.schedule.bucketCompletionWindowMinutes,
    ])
  })

  test('has no tier that its class does not need, and copies only from where the application writes', () => {
    const here = rulesOf(stacks, names.role('static-assets', 'primary'))
    const there = rulesOf(stacks, names.role('static-assets', 'recovery'))
    expect(Object.keys(here)).toEqual(['daily', 'continuous'])
    expect(here['daily']?.CopyActions).toHaveLength(1)
    expect(there['daily']?.CopyActions).toBeUndefined()
  })
})

/** Rules of a region's detection that count an event. */
const countedBy = (tree: readonly SynthesizedStack[], role: 'primary' | 'recovery', event: object): string[] =>
  resourcesOf(
    tree.filter(({ name }) => name === names.stack('operations', role)),
    'AWS::Events::Rule',
  )
    .filter(({ Properties }) => matches(Properties!['EventPattern'] as object, event))
    .map(({ Properties }) => String(Properties?.['Name']).slice(names.eventRule('').length))
/** As https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html shows them. */
const backupOf = (resourceArn: string, resourceType: string, state = 'COMPLETED') => ({
  source: 'aws.backup',
  'detail-type': 'Backup Job State Change',
  detail: { state, resourceArn, resourceType, backupVaultName: names.vault('snapshots') },
})
const copyOf = (resourceArn: string, destinationBackupVaultArn: string, state = 'COMPLETED') => ({
  source: 'aws.backup',
  'detail-type': 'Copy Job State Change',
  detail: { state, resourceArn, destinationBackupVaultArn },
})
/** Alarms of a region that ring when a rule is silent, by the rule that they count. */
const ringsOnSilence = (tree: readonly SynthesizedStack[], role: 'primary' | 'recovery'): string[] =>
  resourcesOf(
    tree.filter(({ name }) => name === names.stack('operations', role)),
    'AWS::CloudWatch::Alarm',
  )
    .filter(({ Properties }) => Properties?.['TreatMissingData'] === 'breaching')
    .flatMap(({ Properties }) => (Properties?.['Dimensions'] ?? []) as { Name: string; Value: string }[])
    .filter(({ Name }) => Name === 'RuleName')
    .map(({ Value }) => Value.slice(names.eventRule('').length))

describe('a backup that is not made', () => {
  const database = names.databaseArn('primary', 1)
  const assets = names.bucketArn('assets', 'primary')

  test('is missed for each store by itself: that of the assets says nothing of the database', () => {
    expect(countedBy(stacks, 'primary', backupOf(database, 'RDS'))).toEqual(['backup-completed'])
    expect(countedBy(stacks, 'primary', backupOf(assets, 'S3'))).toEqual(['backup-completed-assets'])
    expect(countedBy(stacks, 'primary', backupOf(names.databaseArn('primary', 9), 'RDS'))).toEqual([])
    expect(ringsOnSilence(stacks, 'primary')).toEqual(
      expect.arrayContaining(['backup-completed', 'backup-completed-assets']),
    )
  })

  test('is missed wherever a plan names a store, and nowhere else', () => {
    const named = (role: 'primary' | 'recovery') =>
      resourcesOf(stacks, 'AWS::Backup::BackupSelection')
        .filter(({ region }) => region === names.region(role))
        .filter(({ Properties }) => JSON.stringify(Properties?.['BackupSelection']).includes('"Resources"')).length
    for (const role of ['primary', 'recovery'] as const)
      expect(ringsOnSilence(stacks, role).filter((rule) => rule.startsWith('backup-completed'))).toHaveLength(
        named(role),
      )
  })
})

describe('a copy that does not arrive', () => {
  const database = names.databaseArn('primary', 1)

  test('is missed where the database serves, and a failed one is told', () => {
    const there = names.vaultArn('recovery', 'copies')
    expect(countedBy(stacks, 'primary', copyOf(database, there))).toEqual(['copy-completed-other-region'])
    expect(countedBy(stacks, 'primary', copyOf(database, there, 'FAILED'))).toEqual(['copy-failed'])
    expect(ringsOnSilence(stacks, 'primary')).toContain('copy-completed-other-region')
    expect(ringsOnSilence(stacks, 'recovery').filter((rule) => rule.startsWith('copy'))).toEqual([])
  })
})

describe('a second account', () => {
  const ACCOUNT = '444455556666'
  const secondAccount: Policy['backup']['secondAccount'] = {
    mode: 'copies',
    accountId: ACCOUNT,
    region: 'sa-east-1',
    retentionDays: 120,
    lock: { mode: 'governance', minRetentionDays: 90, maxRetentionDays: 400 },
  }
  const tree = synthesize(parsePolicy({ ...policy, backup: { ...policy.backup, secondAccount } }))

  test('has a locked vault of its own, into which only copies of the environment come and out of which nobody deletes', () => {
    const own = tree.filter(({ name }) => name === names.stack('copies-account', 'primary'))
    const [vault] = resourcesOf(own, 'AWS::Backup::BackupVault')
    expect(vault?.Properties).toMatchObject({ LockConfiguration: { MinRetentionDays: 90, MaxRetentionDays: 400 } })
    const { Statement } = vault!.Properties!['AccessPolicy'] as { Statement: { Sid: string; Condition?: object }[] }
    const [, weakens, , copies] = Statement
    expect(Statement[0]).not.toHaveProperty('Condition')
    expect(JSON.stringify(weakens?.Condition)).toContain(`:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-sa-east-1`)
    expect(JSON.stringify(copies)).toContain(names.accountId)
  })

  test('receives a copy of every snapshot of both regions', () => {
    const to = `arn:aws:backup:sa-east-1:${ACCOUNT}:backup-vault:${names.vault('copies')}`
    for (const role of ['primary', 'recovery'] as const) {
      const { daily } = rulesOf(tree, names.role('database', role))
      expect(daily?.CopyActions).toContainEqual({
        DestinationBackupVaultArn: to,
        Lifecycle: { DeleteAfterDays: 120 },
      })
    }
  })

  test('is missed and told like the other region, also where it alone holds copies', () => {
    const alone = synthesize(
      parsePolicy({ ...PRESETS['brazil-only'], backup: { ...PRESETS['brazil-only'].backup, secondAccount } }),
    )
    const there = `arn:aws:backup:sa-east-1:${ACCOUNT}:backup-vault:${names.vault('copies')}`
    const database = names.databaseArn('primary', 1)
    for (const deployed of [tree, alone]) {
      expect(countedBy(deployed, 'primary', copyOf(database, there))).toEqual(['copy-completed-second-account'])
      expect(countedBy(deployed, 'primary', copyOf(database, there, 'FAILED'))).toEqual(['copy-failed'])
      expect(ringsOnSilence(deployed, 'primary')).toContain('copy-completed-second-account')
    }
  })

  test('may use the key of the database, under which a recovery point of RDS stays, and no other key', () => {
    const opened = resourcesOf(tree, 'AWS::KMS::Key')
      .filter(({ stack }) => stack.includes('-keys-'))
      .filter(({ Properties }) => JSON.stringify(Properties).includes(ACCOUNT))
    expect(opened.map(({ id }) => id.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual(
      (['primary', 'recovery'] as const).map((role) => `${names.stack('keys', role)}/database`),
    )
  })
})

it('knows the deploying role by the qualifier that the account was bootstrapped with, and refuses to deploy by another', () => {
  const own = { ...policy, topology: { ...policy.topology, bootstrapQualifier: 'neonpro' } }
  expect(() => synthesize(own)).toThrow(
    /the app deploys with the bootstrap qualifier 'hnb659fds', the policy says 'neonpro'/,
  )
  const text = JSON.stringify(synthesize(own, () => undefined, { '@aws-cdk/core:bootstrapQualifier': 'neonpro' }))
  expect(text).toContain(':role/cdk-neonpro-cfn-exec-role-')
  expect(text).not.toContain('hnb659fds-cfn-exec')
})
