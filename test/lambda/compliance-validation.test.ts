import { CATALOGUE, catalogueHash } from '../../core/compliance/controls'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import { resolvePolicy } from '../../policy'
import { useFakeAws } from '../adapters/aws/fake-aws'
import { synthesize } from '../lib/synth'
import { functionEnvironment } from './environment'
import { contractOf, loadHandler } from './functions'

const policy = withRecoveryRegion(resolvePolicy('test'))
const { regions } = policy.topology
const stacks = synthesize(policy)

interface Answer {
  readonly posture: 'kept' | 'unchanged'
  readonly compliance?: {
    readonly catalogue: string
    readonly controls: number
    readonly held: readonly string[]
    readonly broken: readonly string[]
    readonly unseen: readonly string[]
  }
}

// Each run asks for the template of every stack of a region.
jest.setTimeout(120_000)

const aws = useFakeAws()
const environment = functionEnvironment()
afterAll(() => environment.remove())
beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  for (const { name, region, template } of stacks)
    aws.current.cloudFormation.stacks.set(`${region}/${name}`, { status: 'UPDATE_COMPLETE', template })
})
afterEach(() => void jest.restoreAllMocks())

async function run(region: string): Promise<Answer> {
  Object.assign(process.env, environment.variables, { AWS_REGION: region })
  return (await (
    await loadHandler('compliance-validation')
  )({})) as Answer
}
const kept = () => [...aws.current.s3.objects.keys()].filter((key) => key.startsWith('evidence/posture/'))
const records = () =>
  [...aws.current.s3.objects]
    .filter(([key]) => key.startsWith('evidence/records/'))
    .map(([, text]) => JSON.parse(text) as { kind: string; measurements: { decidedByMachine: number } })

it('validates every control in the recovery region, by what was copied there, while the primary region answers nobody', async () => {
  await run(regions.primary)
  // The buckets share their name here, so that what replication copies is there already. From now on it is dark.
  aws.current.calls.length = 0
  const { compliance, posture } = await run(regions.recovery)
  expect(posture).toBe('kept')
  expect(aws.current.calls.filter(({ region }) => region === regions.primary)).toEqual([])
  expect(compliance).toMatchObject({ catalogue: catalogueHash(), controls: CATALOGUE.length, unseen: [] })
  expect(compliance!.held).toContain('LGPD-05')
  expect(compliance!.broken).toContain('BCP-08')
  expect(records()).toMatchObject([{ kind: 'compliance-validation' }])
})

it('says of what it cannot see that it does not know, and fails nothing for it', async () => {
  for (const name of aws.current.cloudFormation.stacks.keys())
    if (name.startsWith(`${regions.witness}/`)) aws.current.cloudFormation.stacks.delete(name)
  const { compliance } = await run(regions.recovery)
  expect(compliance!.unseen).toEqual(['primary', 'witness'])
  expect(compliance!.held).not.toContain('LGPD-05')
  // What the procedure itself leaves open; nothing that stands in a region nobody sees.
  expect(compliance!.broken).toEqual(['LGPD-03', 'BCP-08'])
})

it('keeps what a region was deployed with once, and again once it is another', async () => {
  expect(await run(regions.primary)).toMatchObject({ posture: 'kept' })
  expect(await run(regions.primary)).toEqual({ region: regions.primary, posture: 'unchanged' })
  const [name] = [...aws.current.cloudFormation.stacks.keys()].filter((key) => key.startsWith(regions.primary))
  aws.current.cloudFormation.stacks.set(name!, { status: 'UPDATE_COMPLETE', template: { Resources: {} } })
  expect(await run(regions.primary)).toMatchObject({ posture: 'kept' })
  expect(kept()).toHaveLength(2)
})

it('asks for nothing that its contract does not permit', async () => {
  await run(regions.recovery)
  const { permissions } = await contractOf('compliance-validation')
  const permitted = permissions.flatMap(({ actions }) => [...actions])
  expect([...new Set(aws.current.calls.map(({ action }) => action))].filter((one) => !permitted.includes(one))).toEqual(
    [],
  )
})
