import { createHash } from 'node:crypto'
import { VirtualClock } from '../../../adapters/memory/clock'
import { MemorySigner } from '../../../adapters/memory/signer'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { checkCode } from '../../../core/code/check'
import { bundleKey, manifestKey, manifestText, MANIFESTS, signManifest } from '../../../core/code/manifest'
import { pushCode } from '../../../core/code/push'
import type { CodeCopies, HeldBundle } from '../../../core/ports/code-copies'

const signer = new MemorySigner('alias/code-signing')
const commit = 'c'.repeat(40)
const bundle = Buffer.from('bundle')
const sha256 = createHash('sha256').update(bundle).digest('hex')

/** A place whose memory of bundles a test can change behind its back. */
class Place implements CodeCopies {
  readonly manifests = new MemoryWriteOnceStore()
  readonly bundles = new Map<string, HeldBundle>()
  storeBundle = async (key: string, content: Uint8Array, hash: string) => {
    this.bundles.set(key, { bytes: content.length, sha256: hash })
    return 'created' as const
  }
  describeBundle = async (key: string) => this.bundles.get(key)
  readBundle = async () => undefined
}

let place: Place
let clock: VirtualClock
beforeEach(() => {
  place = new Place()
  clock = new VirtualClock(new Date('2026-11-23T12:00:00.000Z'))
})

const push = () => pushCode([{ name: 'here', copies: place, signer }], { commit, tags: [], bundle }, clock)
const findings = async (now = clock.now(), key = signer.publicKey()) =>
  (await checkCode(place, await key, 36, now)).findings
const onlyManifest = async () => {
  for await (const key of place.manifests.keys(MANIFESTS)) return key
  throw new Error('no manifest')
}

it('a fresh, signed and whole copy is sound', async () => {
  await push()
  await clock.sleep(35 * 3_600_000)
  expect(await checkCode(place, await signer.publicKey(), 36, clock.now())).toEqual({
    findings: [],
    commit,
    ageMinutes: 35 * 60,
  })
})

it('no copy at all is a finding', async () => {
  expect(await findings()).toEqual(['no-copy'])
})

it('judges the newest copy, whatever came before it', async () => {
  await push()
  await clock.sleep(40 * 3_600_000)
  expect(await findings()).toEqual(['stale'])
  await push()
  expect(await findings()).toEqual([])
})

it('a copy dated ahead never counts as fresh for longer than clocks may differ', async () => {
  await push()
  const before = (minutes: number) => new Date(clock.now().getTime() - minutes * 60_000)
  expect(await findings(before(4))).toEqual([])
  expect(await findings(before(6))).toEqual(['from-the-future'])
})

it('another key did not sign it', async () => {
  await push()
  expect(await findings(clock.now(), new MemorySigner('other').publicKey())).toEqual(['signature-wrong'])
})

it.each([
  ['a changed byte', (text: string) => text.replace(commit, 'd'.repeat(40))],
  ['an added blank', (text: string) => `${text} `],
  ['no JSON', () => 'no JSON'],
])('a manifest with %s is damaged', async (_what, change) => {
  await push()
  const key = await onlyManifest()
  place.manifests.tamper(key, change((await place.manifests.get(key))!))
  expect(await findings()).toEqual(['manifest-damaged'])
})

it('an old manifest under a newer name is damaged', async () => {
  await push()
  const text = await place.manifests.get(await onlyManifest())
  await place.manifests.create(`${MANIFESTS}99991231T000000000Z-${commit.slice(0, 12)}`, text!)
  expect(await findings()).toEqual(['manifest-damaged'])
})

it('a bundle that is gone, or is another one, is a finding', async () => {
  await push()
  const key = bundleKey(commit, sha256)
  place.bundles.set(key, { bytes: bundle.length, sha256: '0'.repeat(64) })
  expect(await findings()).toEqual(['bundle-differs'])
  place.bundles.delete(key)
  expect(await findings()).toEqual(['bundle-missing'])
})

it('a manifest never points outside of the bundles', async () => {
  const statement = {
    commit,
    tags: [],
    createdAt: clock.now().toISOString(),
    bundle: { key: '../../etc/passwd', bytes: 1, sha256 },
  }
  await expect(signManifest(signer, statement)).rejects.toThrow(/bundle/)
})

it('keys sort by time, to the millisecond', async () => {
  const at = (createdAt: string) =>
    manifestKey({ commit, tags: [], createdAt, bundle: { key: bundleKey(commit, sha256), bytes: 1, sha256 } })
  expect(at('2026-11-23T12:00:00.001Z') > at('2026-11-23T12:00:00.000Z')).toBe(true)
  expect(at('2026-11-23T12:00:00.000Z')).toBe('manifests/20261123T120000000Z-cccccccccccc')
})

it('the text of a manifest is its only stored form', async () => {
  await push()
  const manifest = JSON.parse((await place.manifests.get(await onlyManifest()))!)
  expect(manifestText(manifest)).toBe(await place.manifests.get(await onlyManifest()))
})

it('a place that fails keeps the copy from no other', async () => {
  const broken = new Place()
  broken.storeBundle = async () => Promise.reject(new Error('full'))
  const pushed = await pushCode(
    [
      { name: 'broken', copies: broken, signer },
      { name: 'good', copies: place, signer },
    ],
    { commit, tags: [], bundle },
    clock,
  )
  expect(pushed.map(({ place: name, kind }) => [name, kind])).toEqual([
    ['broken', 'failed'],
    ['good', 'pushed'],
  ])
})

it('no manifest stands before its bundle', async () => {
  place.storeBundle = async () => Promise.reject(new Error('full'))
  await push()
  expect(await findings()).toEqual(['no-copy'])
})
