import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { issueCertificates } from '../../../adapters/local/certificates'
import { Instance } from '../../../adapters/local/instance'
import { freePort } from '../../../adapters/local/loopback'
import { postgresBinaries } from '../../../adapters/local/postgres-binaries'
import { databaseUser, newWorldFolder, ownedFolder, removeWorld } from '../../../adapters/local/scratch'
import { connect, type Login } from '../../../adapters/postgres/connect'
import { receiverVerdict } from '../../../adapters/postgres/replication-receiver'

const login = (user: string): Login => ({ user, password: `${user}-secret` })
const HOUR_MS = 3_600_000

let folder: string
let primary: Instance
let onPrimary: Client
let onReplica: Client
const sessions: Client[] = []

async function session(instance: Instance, user: string): Promise<Client> {
  const client = await connect(instance.endpoint, login(user), 5000)
  sessions.push(client)
  return client
}

beforeAll(async () => {
  folder = await newWorldFolder()
  const user = databaseUser()
  const names = ['clinic-g1.sa-east-1.db.localhost', 'clinic-g2.eu-west-1.db.localhost']
  const { authority, servers } = await issueCertificates(names)
  const archive = await ownedFolder(join(folder, 'archive'), user)
  const binaries = await postgresBinaries()
  const make = async (at: number): Promise<Instance> => {
    const region = join(folder, `region-${at}`)
    await mkdir(region)
    await chmod(region, 0o711)
    const endpoint = { name: names[at]!, host: '127.0.0.1', port: await freePort(), database: 'postgres', authority }
    return new Instance({
      name: `g${at + 1}`,
      folder: region,
      endpoint,
      certificate: servers[at]!,
      archive,
      binaries,
      user,
    })
  }
  primary = await make(0)
  await primary.initialize(login('postgres'))
  await primary.start(login('postgres'))
  onPrimary = await session(primary, 'postgres')
  await onPrimary.query(`create role replicator replication login password '${login('replicator').password}'`)
  await onPrimary.query(`create role stranger login password '${login('stranger').password}'`)
  const replica = await make(1)
  await replica.copyFrom(primary, login('postgres'), { endpoint: primary.endpoint, login: login('replicator') })
  await replica.start(login('postgres'))
  onReplica = await session(replica, 'postgres')
}, 90_000)

afterAll(async () => {
  await Promise.all(sessions.map((open) => open.end().catch(() => undefined)))
  await removeWorld(folder)
})

/** Asks until the answer is the expected one; the test's own timeout ends it otherwise. */
async function becomes(verdict: string, silentAfterMs: number): Promise<void> {
  while ((await receiverVerdict(onReplica, silentAfterMs)) !== verdict) await sleep(50)
}

// One story in one test: the tests of a file run in any order, and a source that is gone stays gone.
test('a replica is up while it streams, unknown to who may not look, and down when it hears nothing or its source is gone', async () => {
  expect(await receiverVerdict(onPrimary, HOUR_MS)).toBe('unknown')

  await becomes('up', HOUR_MS)
  await sleep(20)
  expect(await receiverVerdict(onReplica, 0)).toBe('down')

  await becomes('up', HOUR_MS)
  await onReplica.query('set role stranger')
  expect(await receiverVerdict(onReplica, HOUR_MS)).toBe('unknown')
  await onReplica.query('reset role')

  await primary.signal('SIGKILL')
  await primary.stopped()
  await becomes('down', HOUR_MS)
}, 30_000)
