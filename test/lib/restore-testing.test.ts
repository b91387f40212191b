import { parsePolicy, withRecoveryRegion } from '../../core/policy'
import { settingsOfCopies } from '../../lib/constructs/postgres-settings'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize, type SynthesizedStack } from './synth'

const policy = resolvePolicy('production')
const names = new Names(policy)
const stacks = synthesize(policy)
const inStack = (role: 'primary' | 'recovery', tree: readonly SynthesizedStack[] = stacks) =>
  tree.filter(({ name }) => name === names.stack('restore-testing', role))
const textOf = (role: 'primary' | 'recovery', type: string) => JSON.stringify(resourcesOf(inStack(role), type))

describe('the restore tests', () => {
  it('restore snapshots where the database serves, and the copies in the other region', () => {
    expect(textOf('primary', 'AWS::Backup::RestoreTestingPlan')).toContain(names.vaultArn('primary', 'snapshots'))
    expect(textOf('primary', 'AWS::Backup::RestoreTestingSelection')).toContain(names.databaseArn('primary', 1))
    expect(textOf('recovery', 'AWS::Backup::RestoreTestingPlan')).toContain(names.vaultArn('recovery', 'copies'))
    expect(textOf('recovery', 'AWS::Backup::RestoreTestingSelection')).toContain('"ProtectedResourceArns":["*"]')
  })

  it('restore a copy that chance has chosen, and the newest one', () => {
    const algorithms = resourcesOf(inStack('recovery'), 'AWS::Backup::RestoreTestingPlan').map(
      ({ Properties }) => (Properties!['RecoveryPointSelection'] as { Algorithm: string }).Algorithm,
    )
    expect(algorithms).toEqual(['RANDOM_WITHIN_WINDOW', 'LATEST_WITHIN_WINDOW'])
  })

  // https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingRecoveryPointSelection.html
  it('restore continuous backups by a plan of their own, where the database serves, into the same isolated subnets', () => {
    const [, continuous] = resourcesOf(inStack('primary'), 'AWS::Backup::RestoreTestingPlan')
    expect(continuous?.Properties).toMatchObject({
      RestoreTestingPlanName: names.restoreTestPlan('continuous'),
      RecoveryPointSelection: {
        Algorithm: 'LATEST_WITHIN_WINDOW',
        IncludeVaults: [names.vaultArn('primary', 'pitr')],
        RecoveryPointTypes: ['CONTINUOUS'],
        SelectionWindowDays: policy.backup.pointInTimeRetentionDays,
      },
    })
    const [snapshots, moments] = resourcesOf(inStack('primary'), 'AWS::Backup::RestoreTestingSelection')
    expect(moments?.Properties).toMatchObject({
      RestoreTestingPlanName: names.restoreTestPlan('continuous'),
      ProtectedResourceArns: [names.databaseArn('primary', 1)],
      RestoreMetadataOverrides: snapshots?.Properties?.['RestoreMetadataOverrides'],
    })
    expect(textOf('recovery', 'AWS::Backup::RestoreTestingPlan')).not.toContain('CONTINUOUS')
  })

  it('are judged and counted by the plans that the region has', () => {
    const plansOf = (role: 'primary' | 'recovery') => {
      const [fn] = resourcesOf(inStack(role), 'AWS::Lambda::Function')
      const told = (fn!.Properties!['Environment'] as { Variables: Record<string, string> }).Variables[
        'RESTORE_TEST_PLANS'
      ]
      const made = resourcesOf(inStack(role), 'AWS::Backup::RestoreTestingPlan')
      return [told?.split(','), made.map(({ Properties }) => Properties?.['RestoreTestingPlanName'])]
    }
    for (const role of ['primary', 'recovery'] as const) {
      const [told, made] = plansOf(role)
      expect(told).toEqual(made)
    }
  })

  it('are missed where none passed: a function counts them, since CloudWatch does not look back that far', () => {
    for (const role of ['primary', 'recovery'] as const) {
      const [schedule] = resourcesOf(inStack(role), 'AWS::Scheduler::Schedule')
      expect(schedule?.Properties).toMatchObject({ ScheduleExpression: 'rate(60 minutes)', Target: { Input: '{}' } })
      const [alarm] = resourcesOf(stacks, 'AWS::CloudWatch::Alarm').filter(
        ({ region, Properties }) =>
          region === names.region(role) && Properties?.['AlarmName'] === names.alarm('restore-test-missing'),
      )
      expect(alarm?.Properties).toMatchObject({
        MetricName: 'ProvenRestores',
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        Period: 3600,
        EvaluationPeriods: 2,
        TreatMissingData: 'breaching',
      })
    }
  })

  it('follow the role that writes', () => {
    const swapped = synthesize({ ...policy, topology: { ...withRecoveryRegion(policy).topology, active: 'recovery' } })
    const [plan] = resourcesOf(inStack('recovery', swapped), 'AWS::Backup::RestoreTestingPlan')
    expect(JSON.stringify(plan)).toContain(names.vaultArn('recovery', 'snapshots'))
  })

  it('start the validator for every restored database, in a network from which it reaches copies only', () => {
    const [rule] = resourcesOf(inStack('primary'), 'AWS::Events::Rule')
    expect(rule?.Properties?.['EventPattern']).toEqual({
      source: ['aws.backup'],
      'detail-type': ['Restore Job State Change'],
      detail: { status: ['COMPLETED'], resourceType: ['RDS'] },
    })
    const [fn] = resourcesOf(inStack('primary'), 'AWS::Lambda::Function')
    const [group] = (fn!.Properties!['VpcConfig'] as { SecurityGroupIds: unknown[] }).SecurityGroupIds
    expect(JSON.stringify(group)).toContain('Validators')
    const network = stacks.filter(({ name }) => name === names.stack('network', 'primary'))
    const reached = resourcesOf(network, 'AWS::EC2::SecurityGroupEgress')
      .map(({ Properties }) => JSON.stringify(Properties))
      .filter((text) => /"GroupId":\{"Fn::GetAtt":\["NetworkValidators/.test(text))
    expect(reached.filter((text) => text.includes('NetworkCopies'))).toHaveLength(1)
    expect(reached.filter((text) => text.includes('NetworkDatabases'))).toEqual([])
  })

  it('are none where the policy says so, with their alarms', () => {
    const restoreTesting = { mode: 'none', reason: 'restores are tested by hand every quarter' }
    const without = synthesize(parsePolicy({ ...policy, restoreTesting }))
    expect(without.filter(({ name }) => name.includes('restore-testing'))).toEqual([])
    const alarms = resourcesOf(without, 'AWS::CloudWatch::Alarm').map(({ Properties }) =>
      String(Properties?.['AlarmName']),
    )
    // The machine of the runbook that tests a restore by hand stands all the same, with alarms of its own.
    expect(alarms.filter((name) => /restore-(test|job)/.test(name) && !name.endsWith('/restore-test'))).toEqual([])
  })
})

// https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html
it('names of restore tests have letters, digits and underscores, 50 at most', () => {
  for (const environment of ['production', 'staging', 'test'] as const)
    for (const kind of ['snapshots', 'continuous'] as const)
      expect(new Names(resolvePolicy(environment)).restoreTestPlan(kind)).toMatch(/^\w{1,50}$/)
  const long = new Names({ ...policy, application: 'a'.repeat(40) })
  expect(() => long.restoreTestPlan('snapshots')).toThrow(/at most 50 letters, digits and underscores/)
})

it('a copy keeps TLS and audit, and runs nothing that the original has scheduled', () => {
  const settings = settingsOfCopies('TLSv1.3')
  expect(settings).toMatchObject({ 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.3' })
  expect(JSON.stringify(settings)).not.toContain('cron')
})
