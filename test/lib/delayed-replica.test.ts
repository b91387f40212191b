import { App } from 'aws-cdk-lib'
import { parsePolicy } from '../../core/policy'
import { acknowledgeFindings, acknowledgements } from '../../lib/acknowledgements'
import { featureFlags } from '../../lib/feature-flags'
import { Names } from '../../lib/names'
import { addChecks, FAIL_ON_FINDINGS } from '../../lib/validation'
import { resolvePolicy } from '../../policy'
import { resourcesOf, stageIn, synthesize } from './synth'

const production = resolvePolicy('production')
const policy = parsePolicy({
  ...production,
  database: { ...production.database, engineMajor: 17, engineVersion: '17.6' },
  mechanisms: {
    ...production.mechanisms,
    delayedReplica: { mode: 'delayed', generation: 3, source: 1, applyDelayMinutes: 90 },
  },
})
const names = new Names(policy)
const stacks = synthesize(policy)
const own = stacks.filter(({ name }) => name === names.stack('delayed-replica', 'primary', 3))

test('stands beside the database it follows, in a stack of its own, with the delay in its own settings', () => {
  const [instance] = resourcesOf(own, 'AWS::RDS::DBInstance')
  expect(instance?.Properties).toMatchObject({
    DBInstanceIdentifier: names.database(3),
    DeletionProtection: true,
    DeleteAutomatedBackups: false,
  })
  expect(JSON.stringify(instance?.Properties?.['SourceDBInstanceIdentifier'])).toContain('database-primary-g1')
  const [group] = resourcesOf(own, 'AWS::RDS::DBParameterGroup')
  expect(group?.Properties?.['Parameters']).toMatchObject({
    recovery_min_apply_delay: '5400000',
    'rds.force_ssl': '1',
  })
})

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
test('states neither key nor retention, which RDS refuses to a replica in the region of its source', () => {
  const [instance] = resourcesOf(own, 'AWS::RDS::DBInstance')
  for (const property of ['KmsKeyId', 'StorageEncrypted', 'BackupRetentionPeriod', 'SourceRegion'])
    expect(instance?.Properties).not.toHaveProperty(property)
})

test('is promoted by nothing, served by no name and known to no function', () => {
  const others = stacks.filter(({ name }) => !own.some((stack) => stack.name === name))
  const naming = others.filter(({ template }) => JSON.stringify(template).includes(names.database(3)))
  expect(naming.map(({ name }) => name)).toEqual([names.stack('operations', 'primary')])
})

test('is watched for its disk and not for being behind, and its source for the log it keeps', () => {
  const alarms = resourcesOf(stacks, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties?.['AlarmName'])
  expect(alarms).toContain(names.alarm('storage-low', 'g3'))
  expect(alarms).not.toContain(names.alarm('replica-lag', 'g3'))
  expect(alarms).toContain(names.alarm('slot-lag', 'g1'))
})

test('adds nothing else, and passes every check', async () => {
  const before = new Set(synthesize(production).map(({ name }) => name))
  const added = stacks.map(({ name }) => name).filter((name) => !before.has(name))
  expect(added).toEqual([names.stack('delayed-replica', 'primary', 3)])
  const app = new App({ context: featureFlags(), analyticsReporting: false, postCliContext: FAIL_ON_FINDINGS })
  acknowledgeFindings(stageIn(app, policy), acknowledgements(policy))
  await addChecks(app)
  expect(() => app.synth()).not.toThrow()
})
