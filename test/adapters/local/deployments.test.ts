import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../adapters/local/clock'
import { localDeployments, type LocalPlatform } from '../../../adapters/local/deployments'
import { CLINIC_MIGRATIONS } from '../../../adapters/local/deployments/clinic-migrations'
import { platformFolder } from '../../../adapters/local/deployments/platform-folder'
import { Pointer } from '../../../adapters/local/deployments/pointer'
import { publish, type PublishedMigration } from '../../../adapters/local/deployments/publish'
import { settingsPlace } from '../../../adapters/local/deployments/settings'
import { hostPrograms } from '../../../adapters/local/platform'
import { kill, processesIn } from '../../../adapters/local/scratch'
import { throwawayServer, type ThrowawayServer } from '../../../adapters/local/throwaway-server'
import { openSession } from '../../../adapters/postgres/database-url'
import { resolvePolicy } from '../../../policy'
import type { Component } from '../../../core/ports/deployments'
import { describeDeployments } from '../../contracts/deployments'

const { releases } = resolvePolicy('test')
const componentOf = (kind: Component['kind']) => releases.components.find((component) => component.kind === kind)!
const regions = { primary: 'sa-east-1', recovery: 'eu-west-1' }

const noDatabase: LocalPlatform['owner'] = () => Promise.reject(new Error('this platform has no database'))

const newPlatform = async (more: Partial<LocalPlatform> = {}): Promise<LocalPlatform> => ({
  folder: await mkdtemp(join(tmpdir(), 'platform-')),
  regions,
  ports: {},
  owner: noDatabase,
  clock: systemClock,
  ...more,
})

const nothing = { programs: {}, files: {}, level: 0, settings: [] }
const published = (platform: LocalPlatform, tag: string, what: object) =>
  publish(platformFolder(platform.folder), { ...nothing, ...what, tag }, [])

describe.each(['assets', 'infrastructure'] as const)('files of kind %s', (kind) => {
  describeDeployments(`folder of ${kind}`, async () => {
    const platform = await newPlatform()
    const component = componentOf(kind)
    for (const tag of ['one', 'two']) await published(platform, tag, { files: { [component.name]: { 'a.txt': tag } } })
    const { versions, current } = platformFolder(platform.folder).filesOf(component.name)
    const pointer = new Pointer(current)
    await pointer.move('two', 'first')
    return {
      deployments: localDeployments(platform),
      component,
      current: 'two',
      previous: 'one',
      gone: 'three',
      changes: async () => (await pointer.moves()) - 1,
      settle: () => undefined,
      ail: () => writeFile(join(versions, 'two', 'a.txt'), 'damaged'),
      remove: () => rm(platform.folder, { recursive: true }),
    }
  })
})

describeDeployments('settings in a folder', async () => {
  const platform = await newPlatform()
  const place = await settingsPlace(platformFolder(platform.folder), regions, systemClock)
  const versions: string[] = []
  for (const value of ['one', 'two']) {
    await place.configuration.put({ name: '/mail/host', kind: 'plain', value })
    await place.keep()
    versions.push((await place.inForce())!)
    // Copies of an environment are named by their time.
    await sleep(2)
  }
  const history = async () => {
    let count = 0
    for await (const _ of place.configuration.history('/mail/host')) count += 1
    return count
  }
  return {
    deployments: localDeployments(platform),
    component: componentOf('configuration'),
    current: versions[1]!,
    previous: versions[0]!,
    gone: 'of-no-content',
    changes: async () => (await history()) - 2,
    settle: () => undefined,
    ail: () => place.configuration.remove('/mail/host'),
    remove: () => rm(platform.folder, { recursive: true }),
  }
})

it('settings in a folder are on their way where a restore ended between two of them, and go back from there', async () => {
  const platform = await newPlatform()
  const place = await settingsPlace(platformFolder(platform.folder), regions, systemClock)
  const put = (name: string, value: string) => place.configuration.put({ name, kind: 'plain', value })
  await put('/mail/host', 'old')
  await place.keep()
  const before = (await place.inForce())!
  await put('/mail/host', 'new')
  await put('/mail/port', '587')
  const found = (await place.inForce())!
  const remove = place.configuration.remove.bind(place.configuration)
  place.configuration.remove = () => Promise.reject(new Error('the disk is full'))
  await expect(place.putInForce(before, 'run-1/put-back/settings')).rejects.toThrow('the disk is full')
  place.configuration.remove = remove
  expect(await place.inForce()).toMatch(new RegExp(`^[0-9a-f]+ on its way to ${before}$`))
  await place.putInForce(found, 'run-1/put-back/settings/undo')
  expect(await place.inForce()).toBe(found)
  await rm(platform.folder, { recursive: true })
})

const PROGRAM = `export default ({ setting }) => ({
  'GET /health': async () => [(await setting('/well')) === 'yes' ? 200 : 503],
})`

describe.each(['function', 'deployment'] as const)('programs of kind %s', (kind) => {
  describeDeployments(`hosted ${kind}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'platform-'))
    const component = { ...componentOf(kind), dependsOn: [] }
    const recipe = {
      servedName: 'none',
      dnsPort: 9,
      allowed: [],
      loginFile: 'none',
      connectDeadlineMs: 1,
      writeDeadlineMs: 1,
      patients: 1,
    }
    const at = platformFolder(folder)
    await mkdir(join(folder, 'programs', component.name), { recursive: true })
    const served = await hostPrograms(folder, { ...releases, components: [component] }, recipe)
    const platform = await newPlatform({
      folder,
      ports: Object.fromEntries(served.map(({ name, port }) => [name, port])),
    })
    for (const tag of ['one', 'two']) await published(platform, tag, { programs: { [component.name]: PROGRAM } })
    const { configuration } = await settingsPlace(at, regions, systemClock)
    await configuration.put({ name: '/well', kind: 'plain', value: 'yes' })
    const { wanted, live } = at.programOf(component.name)
    const settle = async () => {
      const version = await new Pointer(wanted).version()
      while ((await new Pointer(live).version()) !== version) await sleep(20)
    }
    await new Pointer(wanted).move('two', 'first')
    await settle()
    return {
      deployments: localDeployments(platform),
      component,
      current: 'two',
      previous: 'one',
      gone: 'three',
      changes: async () => (await new Pointer(live).moves()) - 1,
      settle,
      ail: () => configuration.put({ name: '/well', kind: 'plain', value: 'no' }),
      remove: async () => {
        for (const pid of await processesIn(folder)) kill(pid, 'SIGKILL')
        await rm(folder, { recursive: true, maxRetries: 5 })
      },
    }
  })
})

describe('migrations on a real PostgreSQL', () => {
  let server: ThrowawayServer
  beforeAll(async () => {
    server = await throwawayServer('owner')
  }, 60_000)
  afterAll(() => server.remove())

  const MIGRATIONS: readonly PublishedMigration[] = [
    { name: '0001-table', up: 'create table clinic.notes (id integer primary key);', down: 'drop table clinic.notes;' },
    { name: '0002-one-way', up: 'alter table clinic.notes add column one integer;' },
    { ...CLINIC_MIGRATIONS.find(({ name }) => name === '0002-invoice-channel')!, name: '0003-invoice-channel' },
  ]

  const prepared = async (): Promise<{ platform: LocalPlatform; remove: () => Promise<void> }> => {
    const owner: LocalPlatform['owner'] = async (work) => {
      const client = await openSession(server.address, 5_000)
      try {
        return await work(client)
      } finally {
        await client.end()
      }
    }
    const platform = await newPlatform({ owner })
    await owner(async (client) => {
      await client.query('drop schema if exists clinic cascade; drop schema if exists neonpro_migrations cascade')
      await client.query('create schema clinic; create table clinic.invoices (id serial primary key)')
    })
    await publish(platformFolder(platform.folder), { ...nothing, tag: 'any' }, MIGRATIONS)
    return { platform, remove: () => rm(platform.folder, { recursive: true }) }
  }
  const schema = componentOf('migrations')
  const channelled = (platform: LocalPlatform) =>
    platform.owner(async (client) => {
      const { rows } = await client.query<{ id: number; channel: string }>(
        'select id, channel from clinic.invoices order by 1',
      )
      return rows
    })
  const write = (platform: LocalPlatform) =>
    platform.owner(async (client) => {
      await client.query(`insert into clinic.invoices (channel) values ('online'), ('desk'), (null)`)
      return 2
    })

  describeDeployments('schema of a database', async () => {
    const { platform, remove } = await prepared()
    const deployments = localDeployments(platform)
    await deployments.putInForce(schema, '3', { key: 'first' })
    let isIll = false
    return {
      deployments: localDeployments({
        ...platform,
        owner: (work) => (isIll ? Promise.reject(new Error('gone')) : platform.owner(work)),
      }),
      component: schema,
      current: '3',
      previous: '2',
      gone: '9',
      unreachable: { version: '1', migration: '0002-one-way' },
      write: () => write(platform),
      changes: () =>
        platform.owner(async (client) => {
          const { rows } = await client.query<{ count: number }>(
            'select count(*)::integer as count from neonpro_migrations.request where moved',
          )
          return rows[0]!.count - 1
        }),
      settle: () => undefined,
      ail: () => void (isIll = true),
      remove,
    }
  })

  it('keeps what the newer level held, row by row, and puts it back where the rollback is rolled back', async () => {
    const { platform, remove } = await prepared()
    const deployments = localDeployments(platform)
    await deployments.putInForce(schema, '3', { key: 'first' })
    await write(platform)
    const before = await channelled(platform)
    await deployments.putInForce(schema, '2', { key: 'back' })
    expect(await deployments.setAside(schema, { key: 'back' })).toEqual([
      { table: 'clinic.invoices', rows: 2, how: 'kept', where: 'neonpro_migrations.kept_invoice_channel' },
    ])
    await deployments.putInForce(schema, '3', { key: 'forward again' })
    expect(await channelled(platform)).toEqual(before)
    await remove()
  })

  it('leaves a level as it is whose SQL fails half way, and takes the same request again', async () => {
    const { platform, remove } = await prepared()
    const deployments = localDeployments(platform)
    const at = platformFolder(platform.folder)
    const broken = [{ name: '0004-broken', up: 'create table clinic.half (id integer); select 1 / 0;', down: '' }]
    await publish(at, { ...nothing, tag: 'any' }, broken)
    await expect(deployments.putInForce(schema, '4', { key: 'first' })).rejects.toThrow('division by zero')
    expect(await deployments.inForce(schema)).toBeUndefined()
    await publish(at, { ...nothing, tag: 'any' }, [{ ...broken[0]!, up: 'create table clinic.half (id integer);' }])
    await deployments.putInForce(schema, '4', { key: 'first' })
    expect(await deployments.inForce(schema)).toBe('4')
    await remove()
  })
})

it('holds no version outside its folder, whatever a record says', async () => {
  const platform = await newPlatform()
  const deployments = localDeployments(platform)
  for (const kind of ['assets', 'function', 'infrastructure', 'deployment'] as const)
    expect(await deployments.obstacle(componentOf(kind), '../../etc')).toMatchObject({ code: 'VERSION_GONE' })
  expect(await readdir(platform.folder)).toEqual([])
  await rm(platform.folder, { recursive: true })
})
