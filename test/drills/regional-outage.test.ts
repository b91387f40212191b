import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../core/evidence'
import { drillResultSchema, type DrillResult } from '../../core/measurement'
import { regionalOutage, type RegionalOutageOptions } from '../../drills/regional-outage'
import { resolvePolicy } from '../../policy'

const policy = resolvePolicy('test')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const outage = async (change: Partial<RegionalOutageOptions>) => (await rehearsed(change)).result

const rehearsed = (change: Partial<RegionalOutageOptions>) =>
  regionalOutage(
    { policy, fault: 'host', replication: 'async', rows: 500, clients: 2, replayPausedSeconds: 0, folder, ...change },
    { emit: () => undefined },
    // The chart library is an ES module, which this runner cannot load; test/adapters/local draws in a process of its own.
    async () => ({ timeline: '', throughput: '', latency: '' }),
  )

const missed = ({ objectives }: DrillResult) => objectives.filter(({ met }) => !met).map(({ name }) => name)

const measuredOf = ({ objectives }: DrillResult, wanted: string) =>
  objectives.find(({ name }) => name === wanted)?.measured

const artefactsOf = ({ evidence }: DrillResult) => evidence.flatMap(({ artefacts }) => artefacts)

/** The lines of a file beside the report, after a look at its hash. */
async function linesOf(result: DrillResult, wanted: string): Promise<string[]> {
  const { path, sha256: hash } = artefactsOf(result).find(({ name }) => name === wanted)!
  const text = await readFile(path, 'utf8')
  expect(sha256(text)).toBe(hash)
  return text.split('\n').slice(0, -1)
}

test('what is held back fails the drill by its own objective, and what was lost is what an independent log says', async () => {
  const rpo = { ...policy.objectives.rpo, patientMinutes: 0.01, configurationMinutes: 0.01 }
  const content = { ...policy.rehearsal.content, configurationCopySeconds: 2, assetReplicationSeconds: 900 }
  const result = await outage({
    policy: {
      ...policy,
      objectives: { ...policy.objectives, rpo },
      rehearsal: { ...policy.rehearsal, content },
    },
    replayPausedSeconds: 2,
    clinic: { roundTripMs: 0 },
  })

  expect(drillResultSchema.parse(result).verdict).toBe('fail')
  expect(missed(result)).toEqual([
    'RPO of patient data, seconds',
    'RPO of configuration, seconds',
    'RPO of static assets, seconds',
  ])
  // What had not waited for long enough at the fault was lost, from the last change before it.
  expect(measuredOf(result, 'RPO of configuration, seconds')).toBeGreaterThan(1)
  // No asset had ever arrived, so there is nothing to measure from.
  expect(measuredOf(result, 'RPO of static assets, seconds')).toBe('not measured')
  // The invoices, which nobody but the user of the API writes, were held back with the replica.
  expect(measuredOf(result, 'RPO of critical data, seconds')).toBeGreaterThanOrEqual(2)
  // At least as long as the replica heard nothing, and the quiet time between the hold and the fault.
  expect(result.measurements.rpoSeconds).toBeGreaterThanOrEqual(2)
  expect(result.measurements.ghost).toBe(0)
  expect(result.evidence).toHaveLength(3)

  const lost = await linesOf(result, 'lost.jsonl')
  expect(lost.length).toBeGreaterThan(20)
  expect(lost).toHaveLength(result.measurements.lost!)
  expect(lost).toEqual(await linesOf(result, 'lost-by-observer.jsonl'))
  const page = await readFile(result.report!, 'utf8')
  expect(page).toContain('<title>regional-outage: fail</title>')
  for (const { path } of artefactsOf(result)) expect(page).toContain(path.slice(path.lastIndexOf('/') + 1))
  const { client, sequence } = JSON.parse(lost[19]!) as { client: number; sequence: number }
  expect(page).toContain(`${client}:${sequence}`)
}, 120_000)

test('all tiers survive in the far region, and the primary region takes over again with nothing acknowledged missing', async () => {
  const { result, measured: load } = await rehearsed({ failback: true, clinic: { roundTripMs: 100 } })
  expect(missed(result)).toEqual([])
  for (const tier of ['critical data', 'patient data', 'configuration', 'static assets'])
    expect(measuredOf(result, `RPO of ${tier}, seconds`)).toBeGreaterThanOrEqual(0)
  expect(measuredOf(result, 'outage of the API, seconds')).toBeGreaterThan(0)
  // Whatever the machine does, no answer comes sooner than it can travel.
  expect(load.phases.after.p50Ms).toBeGreaterThanOrEqual(100)
  const page = await readFile(result.report!, 'utf8')
  expect(page).toContain('a simulated distance of 100 ms there and back')

  expect(result.steps.find(({ name }) => name === 'catch-up')).toMatchObject({ outcome: 'done' })
  const back = result.objectives.filter(({ name }) => name.includes('failback'))
  expect(back.map(({ name, measured, met }) => [name.includes('outage') ? 'outage' : measured, met])).toEqual([
    ['succeeded', true],
    ['outage', true],
    [0, true],
    [0, true],
    ['pass', true],
  ])
  expect(measuredOf(result, 'replica in the recovery region follows again')).toBe('yes')
  expect(result.evidence).toHaveLength(4)
}, 180_000)

test('a new replica in the recovery region that hears nothing of its writer fails the drill', async () => {
  const result = await outage({
    policy: { ...policy, failback: { ...policy.failback, waitSeconds: 10 } },
    failback: true,
    surroundings: {
      before: async (world) => {
        const { rebuildReplica } = world
        world.rebuildReplica = async (source, spare) => {
          const rebuilt = await rebuildReplica(source, spare)
          if (spare.region === world.replica.region) rebuilt.replication.cut()
          return rebuilt
        }
      },
      ports: (local) => local,
    },
  })
  expect(missed(result)).toEqual(['replica in the recovery region follows again'])
  expect(result.verdict).toBe('fail')
}, 120_000)

test('an application that is not brought up fails the failover, and nothing is served', async () => {
  const hooks = [{ kind: 'invoke-function', name: 'telephone', function: 'rehearsal-telephone' } as const]
  const result = await outage({
    policy: {
      ...policy,
      rehearsal: { ...policy.rehearsal, applicationTier: { mode: 'hooks', hooks, healthySeconds: 1 } },
    },
    clinic: { roundTripMs: 0 },
  })
  expect(result.verdict).toBe('fail')
  const outcomes = Object.fromEntries(result.steps.map(({ name, outcome }) => [name, outcome]))
  expect(outcomes).toMatchObject({ 'bring-up': 'failed', open: 'done', serve: 'failed' })
  expect(missed(result)).toEqual(
    expect.arrayContaining([
      'outage of the API, seconds',
      'RPO of configuration, seconds',
      'RPO of static assets, seconds',
    ]),
  )
}, 120_000)

test('under synchronous replication a held-back replica loses nothing: what it has not got was never acknowledged', async () => {
  const result = await outage({ replication: 'sync', replayPausedSeconds: 2 })

  expect(missed(result)).toEqual([])
  expect(result.verdict).toBe('pass')
  expect(result.objectives.map(({ name }) => name)).toContain('transactions lost under synchronous replication')
  expect(result.measurements).toMatchObject({ lost: 0, ghost: 0, rpoSeconds: 0 })
  expect(result.measurements.acknowledged).toBeGreaterThan(100)
  expect(await linesOf(result, 'lost.jsonl')).toEqual([])
  expect(await readFile(result.report!, 'utf8')).toContain('RDS offers synchronous replication only inside a region')
}, 120_000)
