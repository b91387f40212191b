import { copyChange } from '../../../core/configuration/copy-change'
import { versionKey } from '../../../core/configuration/copies'
import { backupEnvironment, environmentBackups, readEnvironment } from '../../../core/configuration/environment'
import { open, seal } from '../../../core/configuration/envelope'
import { restoreEnvironment, restoreSetting } from '../../../core/configuration/restore'
import { PortError } from '../../../core/ports/errors'
import { keysOf, makeWorld } from './world'

const HOST = '/neonpro/configuration/mail/host'
const PASSWORD = '/neonpro/configuration/mail/password'
const CANARY = 'correct-horse-battery'

let world: ReturnType<typeof makeWorld>
beforeEach(() => {
  world = makeWorld()
})

const put = (name: string, value: string) =>
  world.configuration.put({ name, kind: name === PASSWORD ? 'sealed' : 'plain', value })
const copy = (name = HOST, kind: 'put' | 'removed' = 'put') =>
  copyChange(
    { ...world, deadlineSeconds: 45, retryEverySeconds: 5 },
    { name, kind, changedAt: world.clock.now().toISOString() },
  )
const backup = () => backupEnvironment(world.source, world.configuration, world.copies, world.clock)
const unreachable = () => new PortError('unreachable', 'TIMEOUT', 'no answer')
const inForce = async () => {
  const found: Record<string, string> = {}
  for await (const { name, value } of world.configuration.settings()) found[name] = value
  return found
}

describe('an envelope', () => {
  const { keys } = makeWorld().copies[0]

  it('opens for the context it was sealed for, and shows nothing of the text', async () => {
    const envelope = await seal(keys, `olá ${CANARY}`, { key: 'a' })
    expect(await open(keys, envelope, { key: 'a' })).toBe(`olá ${CANARY}`)
    expect(envelope).not.toContain(CANARY)
    expect(Buffer.from((JSON.parse(envelope) as { text: string }).text, 'base64').toString()).not.toContain(CANARY)
  })

  it('is another one each time', async () => {
    expect(await seal(keys, 'same', { key: 'a' })).not.toBe(await seal(keys, 'same', { key: 'a' }))
  })

  it.each(['wrappedKey', 'nonce', 'tag', 'text'])('does not open with another %s', async (part) => {
    const envelope = JSON.parse(await seal(keys, 'text', { key: 'a' })) as Record<string, string>
    const bytes = Buffer.from(envelope[part]!, 'base64')
    bytes[0]! ^= 1
    const damaged = JSON.stringify({ ...envelope, [part]: bytes.toString('base64') })
    await expect(open(keys, damaged, { key: 'a' })).rejects.toMatchObject({ failure: 'invalid' })
  })

  it.each(['', 'no envelope', '{}', '{"cipher":"aes-256-cbc"}'])("takes '%s' for damaged", async (text) => {
    await expect(open(keys, text, { key: 'a' })).rejects.toMatchObject({ code: 'ENVELOPE_DAMAGED' })
  })

  it('does not open for another context', async () => {
    const envelope = await seal(keys, 'text', { key: 'a' })
    await expect(open(keys, envelope, { key: 'b' })).rejects.toMatchObject({ failure: 'invalid' })
  })
})

describe('a change', () => {
  it('is acknowledged by both regions, each under its own key', async () => {
    await put(PASSWORD, CANARY)
    await world.clock.sleep(2_000)
    const changedAt = new Date(world.clock.now().getTime() - 2_000).toISOString()
    const acknowledged = await copyChange(
      { ...world, deadlineSeconds: 45, retryEverySeconds: 5 },
      { name: PASSWORD, kind: 'put', changedAt },
    )
    expect(acknowledged).toEqual({ written: 2, afterSeconds: 2 })
    const [primary, recovery] = world.copies
    expect(await keysOf(primary)).toEqual(await keysOf(recovery))
    const [key] = await keysOf(primary)
    const texts = [await primary.memory.get(key!), await recovery.memory.get(key!)]
    expect(texts[0]).not.toBe(texts[1])
    expect(texts.join()).not.toContain(CANARY)
  })

  it('brings each version once, and those that an earlier copy missed', async () => {
    await put(HOST, 'one')
    await copy()
    await put(HOST, 'two')
    await put(HOST, 'three')
    expect(await copy()).toMatchObject({ written: 4 })
    expect(await copy()).toMatchObject({ written: 0 })
    expect(await keysOf(world.copies[1])).toHaveLength(3)
  })

  it('waits for a region that is away, and counts the time', async () => {
    await put(HOST, 'one')
    let refusals = 3
    world.copies[1].failure = () => (refusals-- > 0 ? unreachable() : undefined)
    expect(await copy()).toEqual({ written: 2, afterSeconds: 15 })
  })

  it('is not acknowledged when a region stays away, and says which; the other one has it', async () => {
    await put(HOST, 'one')
    world.copies[1].failure = unreachable
    const startedMs = world.clock.monotonicMs()
    await expect(copy()).rejects.toMatchObject({
      code: 'CONFIGURATION_NOT_ACKNOWLEDGED',
      message: expect.stringContaining('eu-west-1 did not acknowledge the change within 45 s'),
    })
    expect(world.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(45_000)
    expect(await keysOf(world.copies[0])).toHaveLength(1)
    expect(await keysOf(world.copies[1])).toHaveLength(0)
  })

  it('is brought to a region that was away together with the next one', async () => {
    await put(HOST, 'one')
    world.copies[1].failure = unreachable
    await expect(copy()).rejects.toThrow()
    world.copies[1].failure = () => undefined
    await put(HOST, 'two')
    expect(await copy()).toMatchObject({ written: 3 })
  })

  it('that is announced late still gets an attempt', async () => {
    await put(HOST, 'one')
    const changedAt = new Date(world.clock.now().getTime() - 600_000).toISOString()
    const late = copyChange(
      { ...world, deadlineSeconds: 45, retryEverySeconds: 5 },
      { name: HOST, kind: 'put', changedAt },
    )
    expect(await late).toEqual({ written: 2, afterSeconds: 600 })
  })

  it('is not repeated where it can never succeed', async () => {
    await put(HOST, 'one')
    world.copies[1].failure = () => new PortError('invalid', 'NO_SUCH_BUCKET', 'no bucket')
    await expect(copy()).rejects.toMatchObject({ code: 'NO_SUCH_BUCKET' })
  })

  it('leaves a mark when a setting is removed, and keeps its versions apart when it is made anew', async () => {
    await put(HOST, 'one')
    await copy()
    await world.clock.sleep(1_000)
    await world.configuration.remove(HOST)
    await copy(HOST, 'removed')
    await world.clock.sleep(1_000)
    await put(HOST, 'anew')
    await copy()
    expect((await keysOf(world.copies[0])).map((key) => key.split('/').at(-1))).toEqual([
      '20261123T120000000Z-v000001',
      '20261123T120001000Z-removed',
      '20261123T120002000Z-v000001',
    ])
  })
})

describe('a backup of the environment', () => {
  it('holds every setting in one sealed object per region, secrets by reference', async () => {
    await put(HOST, 'mail')
    await put(PASSWORD, CANARY)
    world.configuration.secretVersions.set('application', 'version-1')
    const { key, settings, secrets, envelopes } = await backup()
    expect([settings, secrets, envelopes.map(({ region }) => region)]).toEqual([2, 1, ['sa-east-1', 'eu-west-1']])
    for (const held of world.copies) {
      expect(await keysOf(held)).toEqual([key])
      expect(await held.memory.get(key)).not.toContain(CANARY)
      expect(await readEnvironment(held, key)).toMatchObject({
        source: 'sa-east-1',
        settings: [
          { name: HOST, value: 'mail' },
          { name: PASSWORD, value: CANARY },
        ],
        secrets: [{ name: 'application', versionId: 'version-1' }],
      })
    }
  })

  it('reaches the other region while one is away, and fails for that one', async () => {
    await put(HOST, 'mail')
    world.copies[0].failure = unreachable
    await expect(backup()).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await keysOf(world.copies[1])).toHaveLength(1)
  })

  it('cannot be read with the keys of another region', async () => {
    await put(HOST, 'mail')
    const { key } = await backup()
    const [primary, recovery] = world.copies
    await expect(readEnvironment({ ...recovery, keys: primary.keys }, key)).rejects.toMatchObject({
      failure: 'invalid',
    })
  })

  it('under the name of another one does not open', async () => {
    await put(HOST, 'mail')
    const { key } = await backup()
    await world.copies[0].memory.create(
      'environments/sa-east-1/99991231T000000000Z',
      (await world.copies[0].memory.get(key))!,
    )
    await expect(readEnvironment(world.copies[0], 'environments/sa-east-1/99991231T000000000Z')).rejects.toMatchObject({
      code: 'WRAPPED_KEY_UNUSABLE',
    })
  })

  it('is listed oldest first, each region for itself', async () => {
    const first = await backup()
    await world.clock.sleep(1)
    const second = await backup()
    const listed: string[] = []
    for await (const key of environmentBackups(world.copies[1], 'sa-east-1')) listed.push(key)
    expect(listed).toEqual([first.key, second.key])
    for await (const key of environmentBackups(world.copies[1], 'eu-west-1')) throw new Error(`found ${key}`)
  })
})

describe('a restore', () => {
  it('puts an environment back, removes what came later, and names secrets that differ', async () => {
    await put(HOST, 'old')
    await put(PASSWORD, 'same')
    world.configuration.secretVersions.set('application', 'version-1')
    const { key } = await backup()
    await put(HOST, 'new')
    await put('/neonpro/configuration/later', 'x')
    world.configuration.secretVersions.set('application', 'version-2')
    const plan = {
      put: [HOST],
      remove: ['/neonpro/configuration/later'],
      unchanged: 1,
      secretsThatDiffer: ['application'],
    }
    const restore = (mode: 'dry-run' | 'real') => restoreEnvironment(mode, world.configuration, world.copies[1], key)
    const before = await inForce()
    expect(await restore('dry-run')).toEqual(plan)
    expect(await inForce()).toEqual(before)
    expect(await restore('real')).toEqual(plan)
    expect(await inForce()).toEqual({ [HOST]: 'old', [PASSWORD]: 'same' })
    expect(await restore('real')).toMatchObject({ put: [], remove: [], unchanged: 2 })
  })

  it('fills an empty region', async () => {
    await put(HOST, 'mail')
    await put(PASSWORD, CANARY)
    const { key } = await backup()
    const other = makeWorld().configuration
    await restoreEnvironment('real', other, world.copies[1], key)
    const found: unknown[] = []
    for await (const { name, kind, value } of other.settings()) found.push([name, kind, value])
    expect(found).toEqual([
      [HOST, 'plain', 'mail'],
      [PASSWORD, 'sealed', CANARY],
    ])
  })

  it('puts any version of one setting in force again', async () => {
    await put(HOST, 'one')
    await put(HOST, 'two')
    await copy()
    const modifiedAt = world.clock.now().toISOString()
    await restoreSetting(
      world.configuration,
      world.copies[1],
      versionKey('sa-east-1', HOST, { modifiedAt, version: 1 }),
    )
    expect(await inForce()).toEqual({ [HOST]: 'one' })
  })

  it('says so when the copy holds nothing, or something else, under the key', async () => {
    await put(HOST, 'one')
    await copy()
    const [key] = await keysOf(world.copies[0])
    await expect(readEnvironment(world.copies[0], 'environments/none')).rejects.toMatchObject({
      code: 'CONFIGURATION_COPY_MISSING',
    })
    await expect(readEnvironment(world.copies[0], key!)).rejects.toMatchObject({ code: 'ENVIRONMENT_UNREADABLE' })
  })

  it('does not restore the mark of a removal as a setting', async () => {
    await put(HOST, 'one')
    await copy(HOST, 'removed')
    const [key] = await keysOf(world.copies[0])
    await expect(restoreSetting(world.configuration, world.copies[0], key!)).rejects.toMatchObject({
      code: 'SETTING_UNREADABLE',
    })
  })
})
