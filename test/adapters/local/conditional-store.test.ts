import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderConditionalStore } from '../../../adapters/local/folder-conditional-store'
import { httpConditionalStore } from '../../../adapters/local/http-conditional-store'
import { openLink } from '../../../adapters/local/link'
import { sharedFolderStore } from '../../../adapters/local/shared-folder-store'
import { startStoreServer } from '../../../adapters/local/store-server'
import { describeConditionalStore } from '../../contracts/conditional-store'

/** Never reached where the store answers, however busy the machine is. */
const PATIENT_MS = 15_000

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function startServer(folder?: string) {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'store-')))
  if (folder === undefined) cleanups.push(() => rm(home, { recursive: true }))
  const server = await startStoreServer(await folderConditionalStore(home))
  cleanups.push(() => server.close())
  return { home, server }
}

async function sharedFolder() {
  const home = await mkdtemp(join(tmpdir(), 'store-'))
  cleanups.push(() => rm(home, { recursive: true }))
  return home
}

describeConditionalStore('folder that processes share', async () => sharedFolderStore(await sharedFolder()))

test('of several openings of one folder exactly one wins each write', async () => {
  const home = await sharedFolder()
  const stores = await Promise.all(Array.from({ length: 8 }, () => sharedFolderStore(home)))
  const created = await Promise.all(stores.map((store, i) => store.create('epoch', i)))
  expect(created.filter((outcome) => outcome === 'created')).toHaveLength(1)
  const { version } = (await stores[0]!.get('epoch'))!
  const replaced = await Promise.all(stores.map((store, i) => store.replace('epoch', 100 + i, version)))
  expect(replaced.filter((outcome) => outcome === 'replaced')).toHaveLength(1)
})

describeConditionalStore('http over a folder', async () => {
  const { server } = await startServer()
  return httpConditionalStore(server.port, PATIENT_MS)
})

test('a store that is cut off is unreachable within its deadline, and whole again afterwards', async () => {
  const { server } = await startServer()
  const link = await openLink(() => server.port)
  cleanups.push(() => link.close())
  const store = httpConditionalStore(link.port, PATIENT_MS)
  await store.create('epoch', 1)
  link.cut()
  await expect(httpConditionalStore(link.port, 200).get('epoch')).rejects.toMatchObject({ failure: 'unreachable' })
  link.heal()
  expect((await store.get('epoch'))?.value).toBe(1)
})

test('what was acknowledged survives the server', async () => {
  const { home, server } = await startServer()
  await httpConditionalStore(server.port, PATIENT_MS).create('runs/1', { step: 'fence' })
  const second = await startServer(home)
  expect((await httpConditionalStore(second.server.port, PATIENT_MS).get('runs/1'))?.value).toEqual({ step: 'fence' })
})

test('of many writers at the same moment exactly one wins', async () => {
  const { server } = await startServer()
  const store = httpConditionalStore(server.port, PATIENT_MS)
  const created = await Promise.all(Array.from({ length: 20 }, (_, i) => store.create('epoch', i)))
  expect(created.filter((outcome) => outcome === 'created')).toHaveLength(1)
  const { version } = (await store.get('epoch'))!
  const replaced = await Promise.all(Array.from({ length: 20 }, (_, i) => store.replace('epoch', 100 + i, version)))
  expect(replaced.filter((outcome) => outcome === 'replaced')).toHaveLength(1)
})
