import { ALARMS, alarmOf } from '../../core/detection/alarms'
import { withRecoveryRegion } from '../../core/policy'
import { ZONE_FAILOVER_SECONDS } from '../../core/policy/feasibility/recovery-time'
import { levelAudience, ownerAudience } from '../../core/ports/notifier'
import { Names } from '../../lib/names'
import { resolvePolicy } from '../../policy'
import { resourcesOf, synthesize } from './synth'

const policy = withRecoveryRegion(resolvePolicy('production'))
const names = new Names(policy)
const stacks = synthesize(policy)
const prefix = `${policy.application}-${policy.environment}`
const alarms = resourcesOf(stacks, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm')
const nameOf = (resource: { Properties?: Readonly<Record<string, unknown>> }) =>
  String(resource.Properties?.['AlarmName'])
const inRegion = (role: 'primary' | 'recovery') =>
  alarms.filter(({ region }) => region === names.region(role)).map(nameOf)

describe('the alarms of the stacks', () => {
  it('are all in the register', () => {
    expect(alarms.map(nameOf).filter((name) => !alarmOf(prefix, name))).toEqual([])
    expect(alarmOf(prefix, 'Unnamed')).toBeUndefined()
  })

  it('are all that the register has', () => {
    const deployed = new Set(alarms.map((alarm) => alarmOf(prefix, nameOf(alarm))?.id))
    expect(deployed).toEqual(new Set(Object.keys(ALARMS)))
  })

  it('tell whoever is called where to read on', () => {
    for (const { Properties } of alarms)
      expect(Properties?.['AlarmDescription']).toMatch(/Severity \w+, owner [\w ]+, guide docs\/runbooks\/\S+#\S+$/)
  })

  it('page the first level of the escalation in their own region', () => {
    for (const { id, stack, Properties } of alarms) {
      const [action] = (Properties?.['AlarmActions'] ?? []) as { Ref: string }[]
      const topic = resourcesOf(stacks, 'AWS::SNS::Topic').find((t) => t.id === `${stack}/${action?.Ref}`)
      expect([id, topic?.Properties?.['TopicName']]).toEqual([id, names.topic('level-1')])
    }
  })

  it('follow the role that writes', () => {
    const swapped = synthesize({ ...policy, topology: { ...policy.topology, active: 'recovery' } })
    const inSwapped = (role: 'primary' | 'recovery') =>
      resourcesOf(swapped, 'AWS::CloudWatch::Alarm')
        .filter(({ region }) => region === names.region(role))
        .map(nameOf)
    for (const id of ['backup-missing', 'lease-stale', 'database-failing-over'] as const) {
      expect(inRegion('primary')).toContain(names.alarm(id))
      expect(inRegion('recovery')).not.toContain(names.alarm(id))
      expect(inSwapped('recovery')).toContain(names.alarm(id))
      expect(inSwapped('primary')).not.toContain(names.alarm(id))
    }
    expect(inRegion('recovery')).toContain(names.alarm('replica-lag', 'g2'))
    expect(inSwapped('recovery')).not.toContain(names.alarm('replica-lag', 'g2'))
  })

  it('ask of no replica that follows a writer of before how far it is behind', () => {
    const { topology } = policy
    const returned = [
      ...topology.instances,
      { generation: 3, region: 'primary', role: 'replica', source: 2 } as const,
      { generation: 4, region: 'recovery', role: 'replica', source: 3 } as const,
    ]
    const lagging = (active: 'primary' | 'recovery', upTo: number) => {
      const instances = returned.filter(({ generation }) => generation <= upTo)
      const tree = synthesize({ ...policy, topology: { ...topology, instances, active } })
      return resourcesOf(tree, 'AWS::CloudWatch::Alarm')
        .map(nameOf)
        .filter((name) => name.includes('/replica-lag'))
    }
    expect(lagging('recovery', 3)).toEqual([names.alarm('replica-lag', 'g3')])
    expect(lagging('primary', 4)).toEqual([names.alarm('replica-lag', 'g4')])
  })

  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
  it('watch the source of a replica for the log it keeps, and the replica for being behind', () => {
    const watching = (metric: string) =>
      alarms
        .filter(({ Properties }) => Properties?.['MetricName'] === metric)
        .map(({ region, Properties }) => [region, JSON.stringify(Properties?.['Dimensions'])])
    const source = [names.region('primary'), expect.stringContaining(names.database(1))]
    expect(watching('OldestReplicationSlotLag')).toEqual([source])
    expect(watching('TransactionLogsDiskUsage')).toEqual([source])
    expect(watching('ReplicaLag')).toEqual([[names.region('recovery'), expect.stringContaining(names.database(2))]])
  })

  // The source of a replica is write-only to CloudFormation, so that its drift detection sees no promotion made outside of it.
  it('ring where a replica follows nobody any more: it reports no lag', () => {
    const [lag] = alarms.filter((alarm) => nameOf(alarm) === names.alarm('replica-lag', 'g2'))
    expect(lag?.Properties).toMatchObject({ MetricName: 'ReplicaLag', TreatMissingData: 'breaching' })
  })

  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
  it('ring when RDS begins to fail the writer over to its standby, and for no other instance', () => {
    const rule = resourcesOf(stacks, 'AWS::Events::Rule').filter(
      ({ Properties }) => Properties?.['Name'] === names.eventRule('database-failing-over'),
    )
    expect(rule.map(({ region, Properties }) => [region, Properties?.['EventPattern']])).toEqual([
      [
        names.region('primary'),
        {
          source: ['aws.rds'],
          'detail-type': ['RDS DB Instance Event'],
          detail: { EventID: ['RDS-EVENT-0013'], SourceIdentifier: [names.database(1)] },
        },
      ],
    ])
  })

  it('miss a backup only after a day and the window in which the next one may end', () => {
    const [missing] = alarms.filter((alarm) => nameOf(alarm) === names.alarm('backup-missing'))
    expect(missing?.Properties).toMatchObject({ Period: 3600, EvaluationPeriods: 27, TreatMissingData: 'breaching' })
  })

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  it('look back no further than CloudWatch does: seven days, or one with periods of less than an hour', () => {
    for (const { id, Properties } of alarms.filter((alarm) => alarm.Type === 'AWS::CloudWatch::Alarm')) {
      const { Period = 60, EvaluationPeriods } = Properties as { Period?: number; EvaluationPeriods: number }
      expect([id, Period * EvaluationPeriods <= (Period < 3600 ? 86_400 : 604_800)]).toEqual([id, true])
    }
  })
})

describe('the indicators of the procedure', () => {
  const { availability, recoveryTime } = policy.kpis
  const alarmOfRecovery = (id: keyof typeof ALARMS) =>
    alarms.find((alarm) => nameOf(alarm) === names.alarm(id) && alarm.region === names.region('recovery'))?.Properties

  it('ring for an availability that is too low over all attempts of the window, and while nobody asks', () => {
    expect(alarmOfRecovery('availability')).toMatchObject({
      Statistic: 'Average',
      Period: availability.alertAfterMinutes * 60,
      EvaluationPeriods: 1,
      Threshold: availability.alertBelowPercent,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    })
  })

  it('ring for a long recovery in each region that tells people, and while it tells nobody', () => {
    const found = alarms.filter((alarm) => nameOf(alarm) === names.alarm('recovery-time'))
    expect(found.map(({ region }) => region)).toEqual(
      expect.arrayContaining([names.region('primary'), names.region('recovery')]),
    )
    for (const { Properties } of found)
      expect(Properties).toMatchObject({
        Threshold: recoveryTime.alertAboveMinutes,
        EvaluationPeriods: 1,
        TreatMissingData: 'breaching',
      })
  })

  it('blame no release while nobody asks the service, nor for a change of the zone, nor beside a replica that is cut off', () => {
    const found = alarmOfRecovery('release-ill')
    expect(found).toMatchObject({ TreatMissingData: 'notBreaching', EvaluationPeriods: availability.alertAfterMinutes })
    expect(availability.alertAfterMinutes * 60).toBeGreaterThan(ZONE_FAILOVER_SECONDS + 2 * 60)
    const [first] = (found?.['Metrics'] ?? []) as { Expression: string }[]
    expect(first?.Expression).toBe(`IF(served < ${availability.alertBelowPercent} AND FILL(cutOff, 0) < 1, 1, 0)`)
  })
})

it('the loss of the region that watches is noticed by the other one', () => {
  for (const role of ['primary', 'recovery'] as const) expect(inRegion(role)).toContain(names.alarm('place-away'))
})

describe('the topics of the escalation', () => {
  it.each(['primary', 'recovery'] as const)('reach the contacts of each level in the %s region', (role) => {
    const own = stacks.filter(({ name }) => name === names.stack('operations', role))
    const topics = resourcesOf(own, 'AWS::SNS::Topic')
    const emailsOf = (topicId: string) =>
      resourcesOf(own, 'AWS::SNS::Subscription')
        .filter(({ Properties }) => (Properties?.['TopicArn'] as { Ref?: string } | undefined)?.Ref === topicId)
        .map(({ Properties }) => Properties?.['Endpoint'])
    const contacts = [...policy.contacts.primary, ...policy.contacts.external]
    for (const { level, notify } of policy.escalation) {
      const topic = topics.find(({ Properties }) => Properties?.['TopicName'] === names.topic(levelAudience(level)))
      expect(topic?.Properties?.['KmsMasterKeyId']).toBeDefined()
      const expected = contacts.filter((contact) => notify.includes(contact.role)).map(({ email }) => email)
      expect(new Set(emailsOf(topic!.id.split('/')[1]!))).toEqual(new Set(expected))
    }
  })
})

describe('the calendar', () => {
  interface Schedule {
    readonly Name: string
    readonly ScheduleExpression: string
    readonly ScheduleExpressionTimezone?: string
    readonly Target: { readonly Arn: string; readonly Input: string; readonly DeadLetterConfig?: object }
  }
  const schedulesOf = (tree: typeof stacks) =>
    resourcesOf(tree, 'AWS::Scheduler::Schedule')
      .map(({ region, Properties }) => ({ region, ...(Properties as unknown as Schedule & { GroupName?: string }) }))
      .filter(({ GroupName }) => GroupName === names.scheduleGroup('calendar'))
  const schedules = schedulesOf(stacks)
  const { due, activities } = policy.calendar

  it('has a schedule for every activity that nothing performs by itself, at the time of its cadence', () => {
    const expected = activities
      .filter(({ performedBy }) => performedBy.kind !== 'continuous')
      .map(({ id, cadence }) => [id, due[cadence], due.timeZone])
    expect(schedules.map((s) => [s.Name, s.ScheduleExpression, s.ScheduleExpressionTimezone])).toEqual(expected)
    expect(expected.length).toBeGreaterThan(30)
  })

  it('runs in one region, which is not the one that may be lost', () => {
    expect(new Set(schedules.map(({ region }) => region))).toEqual(new Set([names.region('recovery')]))
  })

  it('says which activity and for when, and loses no time that it could not deliver', () => {
    for (const { Name, Target } of schedules) {
      expect(JSON.parse(Target.Input)).toEqual({ activity: Name, dueAt: '<aws.scheduler.scheduled-time>' })
      expect(Target.DeadLetterConfig).toBeDefined()
    }
  })

  it('starts the function that performs an activity as soon as there is one, and until then the one that tells its owner', () => {
    const told = names.functionArn('recovery', 'activity-due')
    const reviews = names.functionArn('recovery', 'access-review')
    expect(schedules.filter(({ Target }) => Target.Arn !== told).map(({ Target }) => Target.Arn)).toEqual([reviews])
    const [first, ...others] = activities
    const performed = { ...first!, performedBy: { kind: 'automatic', function: 'health-watch' } } as const
    const tree = synthesize({ ...policy, calendar: { ...policy.calendar, activities: [performed, ...others] } })
    const arnOf = (id: string) => schedulesOf(tree).find(({ Name }) => Name === id)?.Target.Arn
    expect(arnOf(first!.id)).toBe(names.functionArn('recovery', 'health-watch'))
    expect(arnOf(others[0]!.id)).toBe(told)
  })

  it.each([
    ['restore-testing-plan', 'AWS::Backup::RestoreTestingPlan', /./],
    ['health-watch', 'AWS::Scheduler::Schedule', /-health-watch"/],
    ['archive-read-back', 'AWS::Scheduler::Schedule', /-archive-read-back"/],
  ] as const)('counts on %s for what runs by itself, and that is there', (mechanism, type, pattern) => {
    const named = activities.filter(
      ({ performedBy }) => performedBy.kind === 'continuous' && performedBy.mechanism === mechanism,
    )
    expect(named.length).toBeGreaterThan(0)
    expect(
      resourcesOf(stacks, type).filter((resource) => pattern.test(JSON.stringify(resource))).length,
    ).toBeGreaterThan(0)
  })

  it('can tell every owner, by topics of the region in which it runs', () => {
    const topics = resourcesOf(stacks, 'AWS::SNS::Topic')
      .filter(({ region }) => region === names.region('recovery'))
      .map(({ Properties }) => Properties?.['TopicName'])
    for (const { owner } of activities) expect(topics).toContain(names.topic(ownerAudience(owner)))
  })
})
