import { addressBook, locate, resolveServed } from '../../../adapters/local/client-recipe'
import { startDnsServer } from '../../../adapters/local/dns-server'
import { servedDatabase } from '../../../adapters/local/served-database'
import type { Endpoint } from '../../../adapters/postgres/connect'
import type { Json } from '../../../core/json'
import type { ConditionalStore } from '../../../core/ports/conditional-store'

const endpoint = (name: string): Endpoint => ({ name, host: '127.0.0.1', port: 1, database: 'postgres', authority: '' })
const [OLD, NEW, FOREIGN] = ['old.db.localhost', 'new.db.localhost', 'foreign.db.localhost'] as const

describe('the client recipe', () => {
  let target: string
  let ports: Map<string, number>
  let dns: Awaited<ReturnType<typeof startDnsServer>>
  const resolver = () => ({ port: dns.port, servedName: 'db.localhost', deadlineMs: 15_000 })
  beforeEach(async () => {
    target = OLD
    ports = new Map([
      [OLD, 1],
      [NEW, 2],
    ])
    dns = await startDnsServer({
      servedName: 'db.localhost',
      ttlSeconds: 5,
      endpoints: ports,
      target: async () => target,
    })
  })
  afterEach(() => dns.close())

  test('the served name leads to the endpoint of the moment, with its TTL', async () => {
    expect(await resolveServed(resolver())).toEqual({ target: OLD, port: 1, ttlSeconds: 5 })
    target = NEW
    expect(await resolveServed(resolver())).toEqual({ target: NEW, port: 2, ttlSeconds: 5 })
  })

  test('an answer is kept for its TTL and not a moment longer', async () => {
    let nowMs = 0
    const address = addressBook(resolver(), [endpoint(OLD), endpoint(NEW)], () => nowMs)
    expect((await address()).name).toBe(OLD)
    target = NEW
    nowMs = 4999
    expect((await address()).name).toBe(OLD)
    nowMs = 5000
    expect((await address()).name).toBe(NEW)
  })

  test('an endpoint that another server took over is found where it is now, by its own name and through the served one', async () => {
    const address = addressBook(resolver(), [endpoint(OLD)], () => 0)
    expect((await address()).port).toBe(1)
    ports.set(OLD, 3)
    expect(await locate(endpoint(OLD), resolver())).toEqual({ ...endpoint(OLD), port: 3 })
    expect((await addressBook(resolver(), [endpoint(OLD)], () => 0)()).port).toBe(3)
    ports.delete(OLD)
    await expect(locate(endpoint(OLD), resolver())).rejects.toThrow('nothing serves')
  })

  test('a target that is not on the list is refused', async () => {
    target = FOREIGN
    await expect(addressBook(resolver(), [endpoint(OLD)], () => 0)()).rejects.toThrow('not an allowed endpoint')
  })

  test('a zone that cannot be read fails one question, and answers the next', async () => {
    const failing = await startDnsServer({
      servedName: 'db.localhost',
      ttlSeconds: 5,
      endpoints: new Map([[OLD, 1]]),
      target: async () => {
        if (target === FOREIGN) throw new Error('nobody knows')
        return target
      },
    })
    try {
      const asked = { ...resolver(), port: failing.port }
      target = FOREIGN
      await expect(resolveServed(asked)).rejects.toThrow('has no target')
      target = OLD
      expect(await resolveServed(asked)).toMatchObject({ target: OLD })
    } finally {
      await failing.close()
    }
  })

  test('an unknown name has no target', async () => {
    await expect(resolveServed({ ...resolver(), servedName: 'other.localhost' })).rejects.toThrow('has no target')
  })
})

describe('the database the served name stands for', () => {
  /** A place that says something, nothing, or cannot be read. */
  const place = (says: () => Json | undefined | Error) =>
    ({
      get: async () => {
        const value = says()
        if (value instanceof Error) throw value
        return value === undefined ? undefined : { key: 'switch', value, version: '1' }
      },
    }) as unknown as ConditionalStore
  const recovered = { region: 'eu-west-1', epoch: 2 }
  const initial = { region: 'sa-east-1', epoch: 1 }

  test('it moves only when both places say so', async () => {
    let witness: Json = initial
    const served = servedDatabase([place(() => recovered), place(() => witness)], 'switch', 'sa-east-1')
    const region = async () => (await served()).region
    expect(await region()).toBe('sa-east-1')
    witness = recovered
    expect(await region()).toBe('eu-west-1')
  })

  test.each([
    ['cannot be read', () => new Error('lost')],
    ['is empty', () => undefined],
    ['says the old region again', () => initial],
  ])('once moved it stays, also when a place %s', async (_, later) => {
    let witness: () => Json | undefined | Error = () => recovered
    const served = servedDatabase([place(() => recovered), place(() => witness())], 'switch', 'sa-east-1')
    const region = async () => (await served()).region
    expect(await region()).toBe('eu-west-1')
    witness = later
    expect(await region()).toBe('eu-west-1')
  })

  test('two places that both go back to an older epoch move nothing', async () => {
    let both: Json = recovered
    const served = servedDatabase([place(() => both), place(() => both)], 'switch', 'sa-east-1')
    const region = async () => (await served()).region
    expect(await region()).toBe('eu-west-1')
    both = initial
    expect(await region()).toBe('eu-west-1')
  })
})
