import { S3Client } from '@aws-sdk/client-s3'
import { clientSettings } from '../../adapters/aws/client-settings'
import { S3WriteOnceStore } from '../../adapters/aws/s3-write-once-store'
import { EvidenceChain } from '../../core/evidence'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { resolvePolicy } from '../../policy'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'
import { callOf } from './signed-call'

const aws = useFakeAws()
const environment = functionEnvironment()
const { regions } = withRecoveryRegion(resolvePolicy('test')).topology
afterAll(() => environment.remove())

const written: string[] = []
beforeEach(() => {
  Object.assign(process.env, environment.variables)
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  for (const level of [1, 2, 3, 4]) aws.current.sns.topics.set(`arn:aws:sns:eu-west-1:1:level-${level}`, [])
  aws.current.stepFunctions.machines.set('arn:aws:states:eu-west-1:1:stateMachine:region-failover', new Map())
})
afterEach(() => jest.restoreAllMocks())

const alarm = (name: string) => ({
  version: '0',
  id: '6f1e1d9a',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '333344445555',
  time: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
  region: regions.recovery,
  resources: [`arn:aws:cloudwatch:eu-west-1:333344445555:alarm:${name}`],
  detail: {
    alarmName: name,
    state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: '2026-11-23T12:09:00.000+0000' },
    previousState: { value: 'OK' },
  },
})

/** As CloudTrail's record reaches EventBridge (CloudTrail user guide, "CloudTrail record contents"). */
const recorded = (service: string, eventName: string, region: string, detail: object) => ({
  ...alarm('x'),
  'detail-type': 'AWS API Call via CloudTrail',
  source: `aws.${service}`,
  region,
  resources: [],
  detail: {
    eventVersion: '1.09',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:operator-1',
      arn: 'arn:aws:sts::333344445555:assumed-role/operator/operator-1',
      accountId: '333344445555',
      sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::333344445555:role/operator' } },
    },
    eventTime: '2026-11-23T12:09:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: region,
    sourceIPAddress: '192.0.2.1',
    userAgent: 'aws-cli/2',
    requestParameters: {},
    responseElements: null,
    eventType: 'AwsApiCall',
    managementEvent: true,
    ...detail,
  },
})

/** As GuardDuty sends it (GuardDuty user guide, "Processing GuardDuty findings with Amazon EventBridge"). */
const finding = (type: string, severity: number) => ({
  ...alarm('x'),
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  resources: [],
  detail: {
    schemaVersion: '2.0',
    accountId: '333344445555',
    region: regions.recovery,
    id: '16afba5c5c43e07c9e3e5e2e544e95df',
    type,
    severity,
    resource: { resourceType: 'AccessKey' },
    service: { serviceName: 'guardduty', archived: false, count: 1 },
    title: 'A title that names a principal',
  },
})

/** Actions a function asked AWS for that its contract does not permit. */
async function unpermitted(name: string): Promise<string[]> {
  const { permissions } = await contractOf(name)
  const permitted = permissions.flatMap(({ actions }) => actions)
  return [...new Set(aws.current.calls.map(({ action }) => action))].filter((action) => !permitted.includes(action))
}
const valuesOf = (metric: string): unknown[] =>
  written.flatMap((line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>
    return metric in parsed ? [parsed[metric]] : []
  })

it('from an alarm to an incident, a plan, the people who have to know, and the end of it', async () => {
  const intake = await loadHandler('incident-intake')
  const taken = (await intake(alarm('neonpro-test/region-lost'))) as { incident: string }
  expect(taken).toEqual({ outcome: 'incident', incident: expect.stringContaining('region-lost'), answer: 'plan' })
  const [executions] = aws.current.stepFunctions.machines.values()
  expect([...executions!.keys()]).toEqual([taken.incident])
  expect(JSON.parse([...executions!.values()][0]!)).toMatchObject({ mode: 'dry-run', runbook: 'region-failover' })
  expect([...aws.current.s3.objects.keys()].some((key) => key.includes('records/eu-west-1/operations'))).toBe(true)
  expect(await unpermitted('incident-intake')).toEqual([])

  aws.current.calls.length = 0
  const escalate = await loadHandler('escalate')
  expect(await escalate({})).toMatchObject({ open: 1, told: 2, failed: 0 })
  expect(await escalate({})).toMatchObject({ open: 1, told: 0 })
  expect([...aws.current.sns.topics.values()].map((told) => told.length)).toEqual([1, 0, 0, 1])
  expect(valuesOf('OpenIncidentMinutes')).toHaveLength(2)
  expect(valuesOf('PlacesAway')).toEqual([0, 0])
  expect(await unpermitted('escalate')).toEqual([])

  aws.current.calls.length = 0
  const desk = await loadHandler('desk')
  const closing = { operation: 'close-incident', id: taken.incident, causeCode: 'NETWORK_CUT' }
  expect(await desk(callOf('incident-commander', 'mroe', closing))).toMatchObject({ statusCode: 200 })
  expect(await unpermitted('desk')).toEqual([])
  expect(await escalate({})).toMatchObject({ open: 0, oldestCriticalMinutes: 0 })
})

/** As Lambda does with an event: once, and again as often as the contract says (Lambda developer guide, asynchronous invocation). */
async function delivered(
  name: string,
  event: unknown,
): Promise<{ readonly attempts: number; readonly answer: unknown }> {
  const [handler, { retries = 0 }] = await Promise.all([loadHandler(name), contractOf(name)])
  for (let attempts = 1; ; attempts++)
    try {
      return { attempts, answer: await handler(event) }
    } catch (error) {
      if (attempts > retries) throw error
    }
}

it.each(['dynamodb:PutItem', 's3:PutObject', 'states:StartExecution'])(
  'an alarm whose first attempt breaks at %s still comes to one incident, one plan and one record',
  async (action) => {
    aws.current.breaks(action, 'denied')
    const { attempts, answer } = await delivered('incident-intake', alarm('neonpro-test/region-lost'))
    expect([attempts, answer]).toEqual([2, expect.objectContaining({ outcome: 'incident', answer: 'plan' })])
    const [executions] = aws.current.stepFunctions.machines.values()
    expect(executions!.size).toBe(1)
    const records = [...aws.current.s3.objects.keys()].filter((key) => key.includes('records/eu-west-1/operations'))
    expect(records).toHaveLength(1)
  },
)

it('an alarm that no attempt can take is left to the dead letters', async () => {
  aws.current.breaks('s3:PutObject', 'denied', 99)
  await expect(delivered('incident-intake', alarm('neonpro-test/region-lost'))).rejects.toThrow('AccessDenied')
})

it('an alarm that is no longer ringing, or another event, is refused', async () => {
  const intake = await loadHandler('incident-intake')
  const over = alarm('neonpro-test/region-lost')
  over.detail.state.value = 'OK'
  await expect(intake(over)).rejects.toThrow('FORM_INVALID')
  await expect(intake({ ...alarm('x'), 'detail-type': 'GuardDuty Finding' })).rejects.toThrow('FORM_INVALID')
  await expect(intake({ ...alarm('x'), 'detail-type': 'AWS Service Event via CloudTrail' })).rejects.toThrow(
    'FORM_INVALID',
  )
  expect(aws.current.calls).toEqual([])
})

describe('what opens an incident without an alarm', () => {
  const reasons = () =>
    [...aws.current.s3.objects.keys()].filter((key) => key.includes('records/eu-west-1/operations')).length

  it('a call that was made in us-east-1, as EventBridge hands it on', async () => {
    const intake = await loadHandler('incident-intake')
    const taken = await intake(
      recorded('iam', 'CreateAccessKey', 'us-east-1', { requestParameters: { userName: 'x' } }),
    )
    expect(taken).toEqual({
      outcome: 'incident',
      incident: expect.stringMatching(/^identity-made-us-east-1-/),
      answer: 'people',
    })
    expect(reasons()).toBe(1)
    expect(await unpermitted('incident-intake')).toEqual([])
  })

  it('a call that was refused, and one that has no parameters', async () => {
    const intake = await loadHandler('incident-intake')
    const refused = { errorCode: 'AccessDenied', errorMessage: 'User is not authorized', requestParameters: null }
    const tried = await intake(recorded('backup', 'DeleteRecoveryPoint', 'sa-east-1', refused))
    expect(tried).toMatchObject({ incident: expect.stringMatching(/^recovery-point-ended-refused-sa-east-1-/) })
  })

  it('root that signs in, and root that tries to', async () => {
    const intake = await loadHandler('incident-intake')
    const signIn = (outcome: string) => ({
      ...recorded('signin', 'ConsoleLogin', 'us-east-1', {
        userIdentity: { type: 'Root', principalId: '333344445555', arn: 'arn:aws:iam::333344445555:root' },
        responseElements: { ConsoleLogin: outcome },
        additionalEventData: { MFAUsed: 'Yes' },
        eventType: 'AwsConsoleSignIn',
      }),
      'detail-type': 'AWS Console Sign In via CloudTrail',
    })
    expect(await intake(signIn('Success'))).toMatchObject({
      incident: expect.stringMatching(/^root-signed-in-us-east-1-/),
    })
    expect(await intake(signIn('Failure'))).toMatchObject({
      incident: expect.stringMatching(/^root-signed-in-refused-us-east-1-/),
    })
  })

  it('no other call', async () => {
    const intake = await loadHandler('incident-intake')
    expect(await intake(recorded('backup', 'StartBackupJob', 'sa-east-1', {}))).toEqual({ outcome: 'foreign' })
  })

  it('a finding of GuardDuty, and not one of little weight', async () => {
    const intake = await loadHandler('incident-intake')
    const type = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS'
    expect(await intake(finding(type, 8))).toMatchObject({
      incident: expect.stringMatching(/^unauthorizedaccess-iamuser-[\w-]+-eu-west-1-/),
    })
    expect(await intake(finding('Recon:IAMUser/UserPermissions', 2))).toEqual({ outcome: 'signal' })
    expect(await unpermitted('incident-intake')).toEqual([])
  })
})

it('what the observers see becomes numbers, and what they cannot see becomes none', async () => {
  const saw = (verdict: string) => ({ verdict, observedAt: new Date().toISOString() })
  const { functions } = aws.current.lambda
  const sees = (primary: string, served: readonly [here: number, there: number], receiver: string) => {
    const places = [regions.recovery, regions.witness]
    for (const [i, region] of places.entries())
      functions.set(`${region}/probe`, (payload) =>
        (payload as { of: string }).of === 'primary' ? saw(primary) : { asked: 4, answered: served[i] },
      )
    functions.set(`${regions.recovery}/replica-observer`, () => saw(receiver))
  }
  const watch = await loadHandler('health-watch')
  sees('down', [4, 4], 'down')
  expect(await watch({})).toEqual({ attempts: { asked: 4, answered: 4 }, primaryUnreachable: 1, replicaCutOff: 1 })
  sees('up', [0, 1], 'up')
  expect(await watch({})).toEqual({ attempts: { asked: 4, answered: 1 }, primaryUnreachable: 0, replicaCutOff: 0 })
  sees('unknown', [4, 2], 'unknown')
  expect(await watch({})).toEqual({ attempts: { asked: 4, answered: 4 } })
  expect(valuesOf('ApiAvailability')).toEqual([
    [100, 100, 100, 100],
    [100, 0, 0, 0],
    [100, 100, 100, 100],
  ])
  for (const region of [regions.recovery, regions.witness]) functions.delete(`${region}/probe`)
  expect(await watch({})).toEqual({})
  expect(valuesOf('ApiAvailability')).toHaveLength(3)
  expect(valuesOf('PrimaryUnreachable')).toEqual([1, 0])
  expect(valuesOf('ReplicaCutOff')).toEqual([1, 0])
  expect(await unpermitted('health-watch')).toEqual([])
})

it('an activity that comes due becomes a task, a message to its owner and a record', async () => {
  const owner = 'arn:aws:sns:eu-west-1:1:owner-devops-lead'
  aws.current.sns.topics.set(owner, [])
  const due = await loadHandler('activity-due')
  const request = { activity: 'performance-benchmark', dueAt: '2026-11-23T12:00:00Z' }
  expect(await due(request)).toEqual({ task: 'performance-benchmark-2026-11-23', told: true })
  expect(await due(request)).toEqual({ task: 'performance-benchmark-2026-11-23', told: false })
  expect(aws.current.sns.topics.get(owner)).toHaveLength(1)
  expect([...aws.current.s3.objects.keys()].some((key) => key.includes('records/eu-west-1/operations'))).toBe(true)
  expect(await unpermitted('activity-due')).toEqual([])
})

it('counts what of the calendar is overdue, over both places', async () => {
  const watch = await loadHandler('calendar-watch')
  expect(await watch({})).toEqual({ overdue: [] })
  aws.current.sns.topics.set('arn:aws:sns:eu-west-1:1:owner-devops-lead', [])
  const dueAt = new Date(Date.now() - 40 * 86_400_000).toISOString()
  const due = await loadHandler('activity-due')
  await due({ activity: 'performance-benchmark', dueAt })
  written.length = 0
  aws.current.calls.length = 0
  const overdue = `performance-benchmark-${dueAt.slice(0, 10)}`
  expect(await watch({})).toMatchObject({ overdue: expect.arrayContaining([overdue]) })
  expect(written.join('')).toContain('"OverdueActivities":')
  expect(await unpermitted('calendar-watch')).toEqual([])
})

it('opens the review of access with what it has to question', async () => {
  aws.current.sns.topics.set('arn:aws:sns:eu-west-1:1:owner-security-team', [])
  Object.assign(process.env, {
    NOTIFICATION_TOPICS: `${process.env['NOTIFICATION_TOPICS']},owner-security-team=arn:aws:sns:eu-west-1:1:owner-security-team`,
  })
  aws.current.iam.reportTakes = 0
  aws.current.iam.report = [
    'user,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date',
    '<root_account>,2026-01-01T00:00:00+00:00,not_supported,N/A,false,false,N/A,N/A,false,N/A,N/A',
    '',
  ].join('\n')
  const review = await loadHandler('access-review')
  const answered = await review({ activity: 'access-review', dueAt: '2026-10-01T12:00:00Z' })
  expect(answered).toMatchObject({
    task: 'access-review-2026-10-01',
    findings: expect.arrayContaining([{ code: 'ROOT_WITHOUT_MFA', subject: 'root' }]),
  })
  expect(await unpermitted('access-review')).toEqual([])
})

it('holds the password policy of the account to the policy', async () => {
  const keep = await loadHandler('password-policy')
  expect(await keep({})).toEqual({ set: true })
  expect(await keep({})).toEqual({ set: false })
  expect(await unpermitted('password-policy')).toEqual([])
})

it('starts the exports of the month, of tables that are archived alone', async () => {
  aws.current.rds.snapshots.push({
    arn: 'arn:snapshot',
    takenAt: new Date().toISOString(),
    type: 'automated',
    status: 'available',
  })
  const step = await loadHandler('archive-export')
  expect(await step({})).toMatchObject({
    classes: expect.arrayContaining([expect.objectContaining({ dataClass: 'phi', state: 'exporting' })]),
  })
  expect(written.join('')).toContain('"LateArchiveExports":')
  expect(written.join('')).toContain('"LateArchiveDumps":')
  expect(written.join('')).toContain('"UnreadArchiveParts":')
  // HEAD is permitted by the right to read (S3 API reference, HeadObject).
  expect((await unpermitted('archive-export')).filter((action) => action !== 's3:HeadObject')).toEqual([])
})

it('counts what of the archive no reading has proven, by what the task of its region has recorded', async () => {
  const s3 = new S3Client({ ...clientSettings('eu-west-1'), forcePathStyle: true })
  const store = new S3WriteOnceStore(s3, environment.variables['EVIDENCE_BUCKET']!)
  const at = new Date().toISOString()
  const reading = (region: string, subject: string, outcome: 'succeeded' | 'failed') =>
    new EvidenceChain(store, {
      region,
      writer: 'archive-read-back',
      environment: 'test',
      policyHash: 'a'.repeat(64),
    }).append({
      key: subject,
      kind: 'archive-read-back',
      subject,
      startedAt: at,
      finishedAt: at,
      outcome,
      measurements: {},
      artefacts: [],
      controls: [],
      actor: 'archive-read-back',
    })
  await reading('eu-west-1', 'phi-dump', 'succeeded')
  await reading('eu-west-1', 'pii-dump', 'failed')
  // Of the other region, whose archive is another one.
  await reading('sa-east-1', 'financial-dump', 'succeeded')
  const step = await loadHandler('archive-export')
  const { unread } = (await step({})) as { unread: string[] }
  expect(unread).toEqual(['phi-export', 'pii-dump', 'pii-export', 'financial-dump', 'financial-export'])
  expect(written.join('')).toContain('"UnreadArchiveParts":5')
})
