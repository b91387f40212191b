import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import type { Places } from '../../../core/coordination/places'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import { PortError } from '../../../core/ports/errors'
import { differences } from '../../../core/release/differences'
import {
  latestReleases,
  newestRelease,
  recordRelease,
  releaseAt,
  releaseTagged,
  type ReleaseDraft,
} from '../../../core/release/registry'

const draft = (tag: string, change: Partial<ReleaseDraft> = {}): ReleaseDraft => ({
  tag,
  environment: 'test',
  components: { api: tag, settings: 's1' },
  health: 'healthy',
  recoveryPoint: `before-${tag}`,
  actor: 'person-abababababab',
  recordedAt: '2026-11-23T12:00:00.000Z',
  ...change,
})

/** A store that counts what is read of it, and is away while it is told to be. */
function store() {
  const held = new MemoryConditionalStore()
  const state = { away: false, reads: 0 }
  const answering =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    (...args: Args): Promise<T> =>
      state.away
        ? Promise.reject(new PortError('unreachable', 'STORE_AWAY', 'the store does not answer'))
        : call(...args)
  const asked: ConditionalStore = {
    get: answering((key) => {
      state.reads += 1
      return held.get(key)
    }),
    create: answering((key, value) => held.create(key, value)),
    replace: answering((key, value, version) => held.replace(key, value, version)),
    list: (prefix) => held.list(prefix),
  }
  return { asked, held, state }
}

function registry() {
  const recovery = store()
  const witness = store()
  const places: Places = { recovery: recovery.asked, witness: witness.asked }
  const record = async (tag: string, change?: Partial<ReleaseDraft>) => recordRelease(places, draft(tag, change))
  return { places, recovery, witness, record }
}

const tagsOf = async (places: Places) => (await latestReleases(places, 'test', 100)).map(({ tag }) => tag)

describe('the registry of releases', () => {
  it('numbers releases from 1 in their environment, and keeps each in both places', async () => {
    const { places, record, recovery, witness } = registry()
    expect(await newestRelease(places, 'test')).toBeUndefined()
    for (const tag of ['v1', 'v2', 'v3']) await record(tag)
    await recordRelease(places, draft('v1', { environment: 'staging' }))
    expect(await newestRelease(places, 'test')).toEqual({ ...draft('v3'), sequence: 3 })
    expect(await newestRelease(places, 'staging')).toMatchObject({ sequence: 1 })
    expect(await tagsOf(places)).toEqual(['v3', 'v2', 'v1'])
    expect((await latestReleases(places, 'test', 2)).map(({ tag }) => tag)).toEqual(['v3', 'v2'])
    for (const { held } of [recovery, witness])
      expect((await held.get('releases/test/00000002'))?.value).toMatchObject({ tag: 'v2', sequence: 2 })
  })

  it('gives two recorders at once two numbers', async () => {
    const { places, record } = registry()
    const tags = Array.from({ length: 8 }, (_, i) => `v${i}`)
    const recorded = await Promise.all(tags.map((tag) => record(tag)))
    expect(recorded.map(({ release }) => release.sequence).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect((await tagsOf(places)).toSorted()).toEqual(tags)
  })

  it('keeps what stands where the newest is recorded again, as after an answer that was lost', async () => {
    const { places, record } = registry()
    const { release } = await record('v1')
    expect(await record('v1', { recordedAt: '2026-11-23T12:05:00.000Z', health: 'unhealthy' })).toMatchObject({
      release,
    })
    expect(await record('v1', { recoveryPoint: 'another' })).toMatchObject({ release: { sequence: 2 } })
    expect(await record('v1', { recoveryPoint: 'another', components: { api: 'v2' } })).toMatchObject({
      release: { sequence: 3 },
    })
    expect(await releaseAt(places, 'test', 1)).toEqual(release)
  })

  it('finds the newest of a thousand without reading them', async () => {
    const { places, recovery } = registry()
    for (let sequence = 1; sequence <= 1000; sequence += 1)
      await recovery.held.create(`releases/test/${String(sequence).padStart(8, '0')}`, { ...draft('v1'), sequence })
    recovery.state.reads = 0
    expect(await newestRelease(places, 'test')).toMatchObject({ sequence: 1000 })
    expect(recovery.state.reads).toBeLessThan(25)
  })

  it('is read from the witness while the recovery region is dark, and written only where numbers are given', async () => {
    const { places, record, recovery } = registry()
    await record('v1')
    recovery.state.away = true
    expect(await newestRelease(places, 'test')).toMatchObject({ tag: 'v1' })
    await expect(record('v2')).rejects.toMatchObject({ failure: 'unreachable' })
  })

  it('brings the witness what it has missed, without a gap', async () => {
    const { places, record, recovery, witness } = registry()
    await record('v1')
    witness.state.away = true
    expect(await record('v2')).toMatchObject({ placesAway: 1 })
    expect(await record('v3')).toMatchObject({ placesAway: 1 })
    witness.state.away = false
    expect(await record('v4')).toMatchObject({ placesAway: 0 })
    recovery.state.away = true
    expect(await tagsOf(places)).toEqual(['v4', 'v3', 'v2', 'v1'])
  })

  it('takes no record for a release that is one of another environment, or none', async () => {
    const { places, recovery } = registry()
    await recovery.held.create('releases/test/00000001', { ...draft('v1'), environment: 'production', sequence: 1 })
    await expect(newestRelease(places, 'test')).rejects.toMatchObject({ code: 'RELEASE_MISPLACED' })
    await recovery.held.create('releases/staging/00000001', { tag: 'v1' })
    await expect(newestRelease(places, 'staging')).rejects.toMatchObject({ code: 'RELEASE_UNREADABLE' })
  })

  it('finds a release by its tag, the newest of several', async () => {
    const { places, record } = registry()
    await record('v1')
    await record('v2')
    await record('v1', { recoveryPoint: 'again' })
    expect(await releaseTagged(places, 'test', 'v1')).toMatchObject({ sequence: 3 })
    expect(await releaseTagged(places, 'test', 'v9')).toBeUndefined()
  })
})

it('tells from and to of each component that two releases have differently', () => {
  const from = { components: { api: '1', web: 'a', mail: 'm' } }
  const to = { components: { api: '2', web: 'a', assets: 'x' } }
  expect(differences(from, to)).toEqual([
    { component: 'api', from: '1', to: '2' },
    { component: 'assets', from: undefined, to: 'x' },
    { component: 'mail', from: 'm', to: undefined },
  ])
  expect(differences(from, from)).toEqual([])
})
