import { humanRoleName } from '../../core/policy/names'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'

const aws = useFakeAws()
const environment = functionEnvironment()
const policy = resolvePolicy('test')
const { accountId } = policy.topology
afterAll(() => environment.remove())

const written: string[] = []
beforeEach(() => {
  Object.assign(process.env, environment.variables)
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  aws.current.sts.roles.add(`arn:aws:iam::${accountId}:role/${humanRoleName(policy, 'restore-operator')}`)
})
afterEach(() => jest.restoreAllMocks())

/** As Lambda hands over a signed request at a URL (Lambda developer guide, "Invoking Lambda function URLs"). */
const signedBy = (role: string, session: string, body: unknown, account = accountId) => ({
  version: '2.0',
  rawPath: '/',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    accountId: 'anonymous',
    authorizer: {
      iam: {
        accountId: account,
        callerId: `AROAEXAMPLE:${session}`,
        userArn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      },
    },
    http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'recovery' },
  },
  body: JSON.stringify(body),
  isBase64Encoded: false,
})
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
  expect(await at(signedBy(operator, 'jdoe', request))).toMatchObject({ status: 200 })
  expect(await at(signedBy(commander, 'jdoe', { operation: 'answer', id: 'i-7', approve: true }))).toMatchObject({
    status: 403,
    body: { code: 'APPROVAL_BY_REQUESTER' },
  })
  expect(await at(signedBy(commander, 'mroe', { operation: 'answer', id: 'i-7', approve: true }))).toMatchObject({
    status: 200,
  })
  const opened = await at(signedBy(operator, 'jdoe', { operation: 'open', id: 'i-7' }))
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
  ['a role of another account', signedBy(operator, 'jdoe', request, '999999999999'), 403, 'ACCOUNT_FOREIGN'],
  ['a role that is none of people', signedBy('some-service', 'jdoe', request), 403, 'ROLE_MAY_NOT'],
  [
    'a role for one task that asks for the next',
    signedBy(humanRoleName(policy, 'restore-operator'), 'x', request),
    403,
    'ROLE_MAY_NOT',
  ],
  ['a call of no known form', signedBy(operator, 'jdoe', { operation: 'grant', id: 'i-7' }), 400, 'CALL_FORM'],
  ['more than a call says', signedBy(operator, 'jdoe', { ...request, minutes: 600 }), 400, 'CALL_FORM'],
  ['what was never asked for', signedBy(operator, 'jdoe', { operation: 'open', id: 'i-8' }), 409, 'ELEVATION_UNKNOWN'],
])('refuses %s', async (_, event, status, code) => {
  const at = await desk()
  expect(await at(event)).toMatchObject({ status, body: { code } })
  expect(aws.current.callsOf('sts:AssumeRole')).toEqual([])
})

it('takes no call whose caller Lambda has not verified', async () => {
  const handler = await loadHandler('desk')
  const { requestContext: _, ...unsigned } = signedBy(operator, 'jdoe', request)
  await expect(handler({ ...unsigned, requestContext: { authorizer: {} } })).rejects.toThrow('FORM_INVALID')
})
