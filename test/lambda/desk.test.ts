import { functionName, humanRoleName } from '../../core/policy/names'
import { PRIVILEGES } from '../../core/runbook/model'
import { resolvePolicy } from '../../policy'
import { Names } from '../../lib/names'
import { Grants } from '../lib/grants'
import { synthesize } from '../lib/synth'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'
import { callOf, signedCall } from './signed-call'

// Each test loads the functions anew, as Lambda does.
jest.setTimeout(60_000)

const aws = useFakeAws()
const environment = functionEnvironment()
const policy = resolvePolicy('test')
const { accountId } = policy.topology
const grants = new Grants(synthesize(policy), accountId)
const deskRole = new Names(policy).role('desk', 'recovery')
afterAll(() => environment.remove())

const written: string[] = []
beforeEach(() => {
  Object.assign(process.env, environment.variables)
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  // As the synthesized templates let the desk take it.
  const taken = humanRoleName(policy, 'restore-operator')
  aws.current.sts.roles.set(grants.roleArn(taken), (context) => grants.mayTake(deskRole, taken, context))
})
afterEach(() => jest.restoreAllMocks())

const operator = humanRoleName(policy, 'operator')
const commander = humanRoleName(policy, 'incident-commander')

async function desk() {
  const handler = await loadHandler('desk')
  return async (event: unknown) => {
    const { statusCode, body, headers } = (await handler(event)) as {
      statusCode: number
      body: string
      headers: Record<string, string>
    }
    return { status: statusCode, body: JSON.parse(body) as Record<string, unknown>, headers }
  }
}
const request = { operation: 'request', id: 'i-7', role: 'restore-operator', reference: 'incident-7' }

it('opens a role for whoever asked, after somebody else approved it, and logs no credentials', async () => {
  const at = await desk()
  expect(await at(signedCall(operator, 'jdoe', request))).toMatchObject({ status: 200 })
  expect(await at(signedCall(commander, 'jdoe', { operation: 'answer', id: 'i-7', approve: true }))).toMatchObject({
    status: 403,
    body: { code: 'APPROVAL_BY_REQUESTER' },
  })
  expect(await at(signedCall(commander, 'mroe', { operation: 'answer', id: 'i-7', approve: true }))).toMatchObject({
    status: 200,
  })
  const opened = await at(signedCall(operator, 'jdoe', { operation: 'open', id: 'i-7' }))
  expect(opened).toMatchObject({
    status: 200,
    headers: { 'cache-control': 'no-store' },
    body: { credentials: { accessKeyId: 'ASIAFAKE', sessionToken: 'token' } },
  })
  const [taken] = aws.current.callsOf('sts:AssumeRole').map(({ body }) => new URLSearchParams(body))
  expect(taken?.get('DurationSeconds')).toBe(String(policy.people.elevation.sessionMinutes * 60))
  expect(taken?.get('SourceIdentity')).toMatch(/^person-[0-9a-f]{12}$/)
  expect(taken?.get('RoleSessionName')).toBe(taken?.get('SourceIdentity'))
  expect(written.join('')).not.toMatch(/ASIAFAKE|jdoe|mroe/)
  const used = new Set(aws.current.calls.map(({ action }) => action))
  const allowed = (await contractOf('desk')).permissions.flatMap(({ actions }) => actions)
  expect([...used].filter((action) => !allowed.includes(action))).toEqual([])
})

it.each([
  ['a role of another account', signedCall(operator, 'jdoe', request, '999999999999'), 403, 'ACCOUNT_FOREIGN'],
  ['a role that is none of people', signedCall('some-service', 'jdoe', request), 403, 'ROLE_MAY_NOT'],
  [
    'a role for one task that asks for the next',
    signedCall(humanRoleName(policy, 'restore-operator'), 'x', request),
    403,
    'ROLE_MAY_NOT',
  ],
  ['a call of no known form', signedCall(operator, 'jdoe', { operation: 'grant', id: 'i-7' }), 400, 'CALL_FORM'],
  ['more than a call says', signedCall(operator, 'jdoe', { ...request, minutes: 600 }), 400, 'CALL_FORM'],
  [
    'what was never asked for',
    signedCall(operator, 'jdoe', { operation: 'open', id: 'i-8' }),
    409,
    'ELEVATION_UNKNOWN',
  ],
])('refuses %s', async (_, event, status, code) => {
  const at = await desk()
  expect(await at(event)).toMatchObject({ status, body: { code } })
  expect(aws.current.callsOf('sts:AssumeRole')).toEqual([])
})

it('takes no call whose caller Lambda has not verified', async () => {
  const handler = await loadHandler('desk')
  const { requestContext: _, ...unsigned } = signedCall(operator, 'jdoe', request)
  await expect(handler({ ...unsigned, requestContext: { authorizer: {} } })).rejects.toThrow('FORM_INVALID')
})

describe('runs of a runbook', () => {
  const machine = 'arn:aws:states:eu-west-1:1:stateMachine:region-failover'
  const start = {
    operation: 'start-run',
    id: 'r-7',
    runbook: 'region-failover',
    mode: 'real',
    incident: 'incident-7',
    reasonCode: 'REGION_LOST',
  }
  const answer = { operation: 'answer-run', id: 'r-7', step: 'decide', approve: true }
  beforeEach(() => void aws.current.stepFunctions.machines.set(machine, new Map()))

  /** What the machine would do first with what it was handed. */
  async function firstStep() {
    const observe = await loadHandler('runbook-observe')
    const [input] = [...aws.current.stepFunctions.machines.get(machine)!.values()]
    return (await observe(JSON.parse(input!))) as { steps: Record<string, { status: string; approvedBy?: string[] }> }
  }

  it('are started by one person and answered by another, who is known from the signature alone', async () => {
    const at = await desk()
    expect(await at(callOf('operator', 'jdoe', start))).toMatchObject({ status: 200, body: { started: true } })
    expect((await firstStep()).steps['decide']).toMatchObject({ status: 'awaiting-approval' })
    expect(await at(callOf('incident-commander', 'jdoe', answer))).toMatchObject({
      status: 403,
      body: { code: 'APPROVAL_BY_REQUESTER' },
    })
    expect(await at(callOf('incident-commander', 'mroe', answer))).toMatchObject({
      status: 200,
      body: { kind: 'approved' },
    })
    const after = await firstStep()
    expect(after.steps['decide']?.approvedBy).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/)])
    expect(await at(callOf('operator', 'jdoe', { operation: 'run-status', id: 'r-7' }))).toMatchObject({
      body: { outcome: 'running', at: 'decide' },
    })
    expect(written.join('')).not.toMatch(/jdoe|mroe/)
    const allowed = (await contractOf('desk')).permissions.flatMap(({ actions }) => actions)
    const observing = (await contractOf('runbook-observe')).permissions.flatMap(({ actions }) => actions)
    const used = new Set(aws.current.calls.map(({ action }) => action))
    expect([...used].filter((action) => ![...allowed, ...observing].includes(action))).toEqual([])
  })

  it('take no approval that was written into what the machine is handed', async () => {
    const at = await desk()
    await at(callOf('operator', 'jdoe', start))
    const [input] = [...aws.current.stepFunctions.machines.get(machine)!.values()]
    const forged = JSON.parse(input!) as { steps: object; runId: string }
    Object.assign(forged.steps, { decide: { status: 'pending', attempt: 0, approvedBy: ['somebody'] } })
    const observe = await loadHandler('runbook-observe')
    expect(await observe(forged)).toMatchObject({ steps: { decide: { status: 'awaiting-approval' } } })
    await expect(observe({ ...forged, runId: 'r-8' })).rejects.toThrow('RUN_NOT_JOURNALED')
  })

  it.each([
    ['a commander who starts', 'incident-commander', start, 'ROLE_MAY_NOT'],
    ['an operator who approves', 'operator', answer, 'ROLE_MAY_NOT'],
    [
      'an operator who closes an incident',
      'operator',
      { operation: 'close-incident', id: 'i', causeCode: 'X_Y' },
      'ROLE_MAY_NOT',
    ],
    ['a run with an approval in it', 'operator', { ...start, approvedBy: ['x'] }, 'CALL_FORM'],
    ['free text as a reason', 'operator', { ...start, reasonCode: 'the patient' }, 'CALL_FORM'],
  ] as const)('refuse %s', async (_, role, call, code) => {
    const at = await desk()
    expect(await at(callOf(role, 'jdoe', call))).toMatchObject({ body: { code } })
    expect(aws.current.callsOf('states:StartExecution')).toEqual([])
  })
})

describe('the erasure ledger', () => {
  const append = { operation: 'append-ledger', id: 'r-1', kind: 'erasure', subjectId: 'P000000001' }

  it('is kept by the commission, seen by whoever recovers, and named in no log', async () => {
    const at = await desk()
    expect(await at(callOf('records-commission', 'jdoe', append))).toMatchObject({ status: 200, body: { sequence: 1 } })
    const sealed = { ...append, id: 'r-2', kind: 'correction', sealed: '{"cipher":"..."}' }
    expect(await at(callOf('records-commission', 'jdoe', sealed))).toMatchObject({ body: { sequence: 2 } })
    const applied = { operation: 'ledger-applied', id: 'r-1' }
    expect(await at(callOf('records-commission', 'jdoe', applied))).toMatchObject({ body: { id: 'r-1' } })
    expect(await at(callOf('operator', 'mroe', { operation: 'verify-ledger' }))).toMatchObject({
      body: { entries: 2, waiting: 1, corrections: 1, head: { sequence: 3 } },
    })
    expect(await at(callOf('operator', 'mroe', append))).toMatchObject({ status: 403, body: { code: 'ROLE_MAY_NOT' } })
    expect(written.join('')).not.toMatch(/P000000001|jdoe/)
    const allowed = (await contractOf('desk')).permissions.flatMap(({ actions }) => actions)
    expect(aws.current.calls.map(({ action }) => action).filter((action) => !allowed.includes(action))).toEqual([])
  })
})

describe('the plan of a failover', () => {
  const machine = 'arn:aws:states:eu-west-1:1:stateMachine:region-failover'

  it('is made by the functions that would act, and its run carries its hash', async () => {
    aws.current.stepFunctions.machines.set(machine, new Map())
    aws.current.rds.instances.set('db-g2', { status: 'available', source: 'db-g1', tags: new Map() })
    for (const privilege of PRIVILEGES) {
      const act = await loadHandler(`runbook-${privilege}`)
      aws.current.lambda.functions.set(`eu-west-1/${functionName(policy, `runbook-${privilege}`)}`, async (run) =>
        JSON.parse(JSON.stringify(await act(run))),
      )
    }
    const at = await desk()
    const call = { operation: 'plan-failover', incident: 'incident-7', reasonCode: 'REGION_LOST' }
    const { status, body: plan } = await at(callOf('operator', 'jdoe', call))
    expect(status).toBe(200)
    expect(plan['facts']).toMatchObject({ 'successor-role': 'replica', successor: 'db-g2 in eu-west-1' })
    expect(aws.current.calls.map(({ action }) => action)).not.toContain('dynamodb:PutItem')
    // No name server and no database answers here; what was not seen must be as unseen when it is applied.
    expect(plan['expectedLossSeconds']).toBeNull()
    const applied = await at(callOf('operator', 'jdoe', { operation: 'apply-plan', plan }))
    expect(applied).toMatchObject({ status: 200, body: { started: true } })
    const [input] = [...aws.current.stepFunctions.machines.get(machine)!.values()]
    expect(JSON.parse(input!)).toMatchObject({ mode: 'real', input: { planHash: plan['hash'] } })
  })
})
