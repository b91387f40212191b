import { contentHash } from '../../core/evidence'
import { bucketName, humanRoleName } from '../../core/policy/names'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { deployPlatform, HOME, TOKEN, useVercel } from './deployed-platform'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'
import { signedCall } from './signed-call'

const policy = resolvePolicy('test')
const operator = humanRoleName(policy, 'operator')

// Each test loads the functions anew, as Lambda does.
jest.setTimeout(60_000)

const aws = useFakeAws()
const vercel = useVercel()
const environment = functionEnvironment()
afterAll(() => environment.remove())
const written: string[] = []
beforeEach(() => {
  Object.assign(process.env, environment.variables)
  written.length = 0
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
})

const platform = () => deployPlatform(aws.current, vercel, policy)

async function desk() {
  const handler = await loadHandler('desk')
  return async (call: object) => {
    const { statusCode, body } = (await handler(signedCall(operator, 'jdoe', call))) as never
    return { status: statusCode as number, body: JSON.parse(body) as Record<string, never> }
  }
}

it('lets the desk record what is deployed in the region that writes, and keep what its place would let go of', async () => {
  await platform()
  const at = await desk()
  const { status, body } = await at({ operation: 'record-release', tag: 'v1.4.0' })
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      already: false,
      placesAway: 0,
      release: {
        sequence: 1,
        health: 'healthy',
        recoveryPoint: 'before-release-1',
        components: { stacks: 'b2', schema: 'm2', api: '8', assets: 'r8', web: 'dpl_2' },
      },
    },
  })
  const { release } = body as unknown as { release: { components: { settings: string } } }
  const kept = [...aws.current.s3.objects.keys()].filter((key) => /\/(?:templates|released)\//.test(key))
  expect(kept.toSorted()).toEqual([
    `configuration-primary/released/${HOME}/${release.components.settings}`,
    `${bucketName(policy, 'code', HOME)}/templates/neonpro-platform/b2.json`,
  ])
  const records = [...aws.current.s3.objects].filter(([key]) => key.startsWith('evidence/records/'))
  expect(records.map(([, text]) => text).join()).toContain(contentHash(release))
  expect(await at({ operation: 'list-releases', most: 5 })).toMatchObject({ body: { releases: [{ tag: 'v1.4.0' }] } })
  expect(await at({ operation: 'record-release', tag: 'v1.4.0' })).toMatchObject({ body: { already: true } })
})

it('lets the desk plan a rollback of what is deployed there, and hand it to the machine of that region', async () => {
  const machine = `arn:aws:states:${HOME}:1:stateMachine:rollback`
  process.env['RUNBOOK_MACHINES'] = `rollback@${HOME}=${machine}`
  aws.current.stepFunctions.machines.set(machine, new Map())
  await platform()
  const at = await desk()
  await at({ operation: 'record-release', tag: 'v1.4.0' })
  const plan = { operation: 'plan-rollback', wanted: { type: 'full' } }
  expect(await at(plan)).toMatchObject({ status: 409, body: { code: 'NO_RELEASE_TO_RETURN_TO' } })
  aws.current.lambda.aliases.set(`${HOME}/neonpro-api/live`, '9')
  aws.current.lambda.versions.set(
    `${HOME}/neonpro-api`,
    new Map([
      ['8', 'Active'],
      ['9', 'Active'],
    ]),
  )
  await at({ operation: 'record-release', tag: 'v1.5.0' })
  const { status, body } = await at(plan)
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { plan: { from: { tag: 'v1.5.0' }, to: { tag: 'v1.4.0' }, changes: [{ name: 'api', from: '9', to: '8' }] } },
  })
  const { digest } = body as unknown as { digest: string }
  const reason = 'Critical bug causing data corruption'
  const applied = await at({ operation: 'apply-rollback', wanted: plan.wanted, digest, reason })
  expect(applied).toMatchObject({ status: 200, body: { started: true } })
  const [input] = [...aws.current.stepFunctions.machines.get(machine)!.values()]
  expect(JSON.parse(input!)).toMatchObject({ mode: 'real', input: { planHash: digest, region: HOME } })
  expect(written.join('')).not.toContain(reason)
})

it('says at the desk how a place failed, and tells nobody the token', async () => {
  await platform()
  const at = await desk()
  vercel.breaks(403)
  expect(await at({ operation: 'record-release', tag: 'v1.4.0' })).toMatchObject({
    status: 403,
    body: { code: 'VERCEL_403' },
  })
  aws.current.lambda.aliases.clear()
  expect(await at({ operation: 'record-release', tag: 'v1.4.0' })).toMatchObject({
    status: 409,
    body: { code: 'COMPONENT_ABSENT' },
  })
  expect(written.join('')).not.toContain(TOKEN)
})

it('calls nothing that its contract does not grant, and nothing that changes what is in force', async () => {
  await platform()
  aws.current.calls.length = 0
  await (
    await desk()
  )({ operation: 'record-release', tag: 'v1.4.0' })
  const granted = new Set(
    await Promise.all(['desk', 'release-reader', 'configuration-restore'].map(contractOf)).then((contracts) =>
      contracts.flatMap(({ permissions }) => permissions.flatMap(({ actions }) => actions)),
    ),
  )
  const used = [...new Set(aws.current.calls.map(({ action }) => action))].filter(
    (action) => action !== 's3:HeadObject',
  )
  expect(used.filter((action) => !granted.has(action))).toEqual([])
  const reader = (await contractOf('release-reader')).permissions.flatMap(({ actions }) => actions)
  expect(reader.filter((action) => /:(?:Update|Create|Execute|Delete)/.test(action))).toEqual([])
})
