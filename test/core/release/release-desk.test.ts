import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { MemoryDeployments } from '../../../adapters/memory/deployments'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { keepMarker, markedMoment } from '../../../core/coordination/markers'
import { contentHash, EvidenceChain } from '../../../core/evidence'
import type { EvidenceRecord } from '../../../core/evidence/record'
import { newestRelease } from '../../../core/release/registry'
import { recordAtDesk, releaseAtDesk, releasesAtDesk } from '../../../core/release/release-desk'
import { resolvePolicy } from '../../../policy'

const START = new Date('2026-11-23T12:00:00.000Z')
const policy = resolvePolicy('test')
const { components } = policy.releases

function desk(role = 'operator') {
  const clock = new VirtualClock(START)
  const deployments = new MemoryDeployments(clock)
  deployments.components = components
  const deploy = (version: string) => components.forEach(({ name }) => deployments.deploy(name, version))
  const store = new MemoryWriteOnceStore()
  const identity = { region: 'eu-west-1', writer: 'desk', environment: 'test', policyHash: 'f'.repeat(64) }
  const kept: string[] = []
  const world = {
    policy,
    places: { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() },
    evidence: new EvidenceChain(store, identity),
    clock,
    actor: { role, person: 'ab'.repeat(6) },
    deployments,
    keeping: { keep: async ({ name }: (typeof components)[number]) => void kept.push(name) },
  }
  const records = async (kind: string) => {
    const found: EvidenceRecord[] = []
    for await (const key of store.keys('records/')) found.push(JSON.parse((await store.get(key))!) as EvidenceRecord)
    return found.filter((one) => one.kind === kind)
  }
  return { world, deployments, deploy, records, kept, record: (tag: string) => recordAtDesk(world, { tag }) }
}

it('records what is in force, with its health, a recovery point just before, and evidence of the record', async () => {
  const { world, deploy, record, records, kept } = desk()
  deploy('v1')
  const { release, already, placesAway } = await record('v1.0.0')
  expect({ already, placesAway }).toEqual({ already: false, placesAway: 0 })
  expect(release).toEqual({
    sequence: 1,
    tag: 'v1.0.0',
    environment: 'test',
    components: Object.fromEntries(components.map(({ name }) => [name, 'v1'])),
    health: 'healthy',
    recoveryPoint: 'before-release-1',
    actor: `person-${'ab'.repeat(6)}`,
    recordedAt: START.toISOString(),
  })
  expect(await markedMoment(world.places, 'before-release-1')).toBe(START.toISOString())
  expect(kept.toSorted()).toEqual(components.map(({ name }) => name).toSorted())
  const recorded = await records('release-recorded')
  expect(recorded.map(({ artefacts }) => artefacts)).toEqual([[{ name: 'release-1', sha256: contentHash(release) }]])
})

it('tells a release that did not serve when it was recorded', async () => {
  const { deploy, deployments, record } = desk()
  deploy('v1')
  deployments.ill.add('web v1')
  expect(await record('v1.0.0')).toMatchObject({ release: { health: 'unhealthy' } })
})

it('gives the record that stands where nothing was deployed since, and moves no mark', async () => {
  const { world, deploy, record, records } = desk()
  deploy('v1')
  const { release } = await record('v1.0.0')
  await world.clock.sleep(60_000)
  expect(await record('v1.0.0')).toEqual({ release, placesAway: 0, already: true })
  expect(await markedMoment(world.places, release.recoveryPoint)).toBe(START.toISOString())
  expect(await records('release-recorded')).toHaveLength(1)
  deploy('v2')
  expect(await record('v1.1.0')).toMatchObject({ release: { sequence: 2, recoveryPoint: 'before-release-2' } })
})

it('takes a marker that was set before the deployment, and none that was not', async () => {
  const { world, deploy } = desk()
  deploy('v1')
  const named = { tag: 'v1.0.0', recoveryPoint: 'before-v1.0.0', commit: 'a'.repeat(40) }
  await expect(recordAtDesk(world, named)).rejects.toMatchObject({ code: 'MARKER_UNKNOWN' })
  await keepMarker(world.places, { name: 'before-v1.0.0', at: '2026-11-23T11:55:00.000Z' })
  expect(await recordAtDesk(world, named)).toMatchObject({
    release: { recoveryPoint: 'before-v1.0.0', commit: 'a'.repeat(40) },
  })
})

it('records nothing for whoever may not, of what is not there, and under no tag that says too much', async () => {
  const auditor = desk('auditor')
  auditor.deploy('v1')
  await expect(auditor.record('v1.0.0')).rejects.toMatchObject({ failure: 'denied' })
  const operator = desk()
  await expect(operator.record('v1.0.0')).rejects.toMatchObject({ failure: 'conflict', code: 'COMPONENT_ABSENT' })
  operator.deploy('v1')
  await expect(operator.record('123.456.789-09')).rejects.toMatchObject({ code: 'EVIDENCE_PERSONAL_DATA' })
  operator.deployments.deploy('api', '8 and 7')
  await expect(operator.record('v1.0.0')).rejects.toMatchObject({ failure: 'conflict', code: 'COMPONENT_MOVING' })
  const { deployments: _, ...blind } = operator.world
  await expect(recordAtDesk(blind, { tag: 'v1.0.0' })).rejects.toMatchObject({ code: 'DEPLOYMENTS_ABSENT' })
  expect(await newestRelease(operator.world.places, 'test')).toBeUndefined()
})

it('lists the newest first, and shows one by number or tag with what it changed', async () => {
  const { world, deployments, deploy, record } = desk()
  deploy('v1')
  await record('v1.0.0')
  deployments.deploy('api', 'v2')
  await record('v1.1.0')
  expect((await releasesAtDesk(world, { most: 1 })).releases.map(({ tag }) => tag)).toEqual(['v1.1.0'])
  expect((await releasesAtDesk(world, { most: 5 })).releases.map(({ tag }) => tag)).toEqual(['v1.1.0', 'v1.0.0'])
  for (const release of ['2', 'v1.1.0'])
    expect(await releaseAtDesk(world, { release })).toMatchObject({
      release: { sequence: 2 },
      changed: ['api: v1 -> v2'],
    })
  expect((await releaseAtDesk(world, { release: '1' })).changed).toHaveLength(components.length)
  await expect(releaseAtDesk(world, { release: '3' })).rejects.toMatchObject({ code: 'RELEASE_UNKNOWN' })
})
