import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { awsOperator } from '../../../adapters/aws/operator'
import { coordinationTableName } from '../../../core/policy/names'
import { withRecoveryRegion } from '../../../core/policy/two-regions'
import { resolvePolicy } from '../../../policy'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const policy = resolvePolicy('production')
const { accountId } = policy.topology
const { primary, recovery, witness } = withRecoveryRegion(policy).topology.regions
const assumed = (role: string, session: string, account = accountId) =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`

async function actorWhen(caller: string) {
  aws.current.sts.caller = caller
  return (await awsOperator(policy, process.env)).actor
}

it('knows one person over several roles, and keeps no name', async () => {
  const [operator, approver, other] = [
    await actorWhen(assumed('operator', 'first.person@example.org')),
    await actorWhen(assumed('incident-commander', 'first.person@example.org')),
    await actorWhen(assumed('operator', 'second.person@example.org')),
  ]
  expect([operator.role, approver.role]).toEqual(['operator', 'incident-commander'])
  expect(approver.person).toBe(operator.person)
  expect(other.person).not.toBe(operator.person)
  expect(operator.person).toMatch(/^[0-9a-f]{12}$/)
})

it('lets nobody act without a role, or in an account that is not the environment', async () => {
  await expect(actorWhen(`arn:aws:iam::${accountId}:user/somebody`)).rejects.toMatchObject({
    failure: 'denied',
    code: 'ROLE_NOT_ASSUMED',
  })
  await expect(actorWhen(assumed('operator', 'somebody', '999999999999'))).rejects.toMatchObject({
    failure: 'denied',
    code: 'ACCOUNT_FOREIGN',
  })
})

it('refuses an endpoint that is neither AWS nor this machine', async () => {
  await expect(awsOperator(policy, { AWS_ENDPOINT_URL: 'http://203.0.113.9:4566' })).rejects.toThrow('only loopback')
})

it('refuses a profile that leads to a stranger', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'))
  const AWS_CONFIG_FILE = join(folder, 'config')
  writeFileSync(AWS_CONFIG_FILE, '[default]\nendpoint_url = http://203.0.113.9:4566\n')
  try {
    await expect(awsOperator(policy, { ...process.env, AWS_CONFIG_FILE })).rejects.toThrow('only loopback')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('says when nobody tells who the caller is', async () => {
  aws.current.breaks('sts:GetCallerIdentity', 'denied')
  await expect(actorWhen(assumed('operator', 'somebody'))).rejects.toMatchObject({ failure: 'denied' })
})

it('works in the recovery and the witness region alone', async () => {
  aws.current.sts.caller = assumed('operator', 'somebody')
  const { places, evidence } = await awsOperator(policy, process.env)
  await places.recovery.create('tasks/2026-12/x', {})
  await places.witness.create('tasks/2026-12/x', {})
  await evidence.append({
    key: 'attested/x',
    kind: 'activity-attested',
    subject: 'x',
    startedAt: '2026-12-01T12:00:00.000Z',
    finishedAt: '2026-12-01T12:00:00.000Z',
    outcome: 'succeeded',
    measurements: {},
    artefacts: [],
    controls: [],
    actor: 'person-a1b2c3d4e5f6',
  })
  expect(new Set(aws.current.calls.map(({ region }) => region))).toEqual(new Set([recovery, witness]))
  expect(aws.current.calls.some(({ region }) => region === primary)).toBe(false)
  expect(aws.current.callsOf('dynamodb:PutItem').map(({ body }) => JSON.parse(body).TableName)).toEqual(
    [1, 2].map(() => coordinationTableName(policy)),
  )
  expect(aws.current.callsOf('s3:PutObject').at(-1)?.url.pathname).toContain('records/')
})
