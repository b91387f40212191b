import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { watchChanges, type ChangeLook } from '../../../core/detection/change-watch'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const { intervalSeconds, rows } = policy.incidentResponse.deletionRate
const appendOnly = policy.stores.find((store) => store.rows === 'append-only')!.id
const updated = policy.stores.find((store) => store.kind === 'table' && store.rows === 'updated')!.id

const look = (deleted: number, seconds = 0, own: Partial<ChangeLook> = {}): ChangeLook => ({
  instance: 'db-g1',
  atMs: seconds * 1000,
  tables: [{ table: updated, deleted, rewritten: 0, live: 100 }],
  ...own,
})

it('has nothing to compare the first look with', async () => {
  const store = new MemoryConditionalStore()
  const seen = await watchChanges(store, 'sa-east-1', look(1_000_000), policy)
  expect(seen).toEqual({ outcome: 'first-look', findings: [] })
})

it('finds what changed faster than it may between two looks, and forgets it with the next', async () => {
  const store = new MemoryConditionalStore()
  const watch = (seen: ChangeLook) => watchChanges(store, 'sa-east-1', seen, policy)
  await watch(look(0))
  expect((await watch(look(rows - 1, intervalSeconds))).findings).toEqual([])
  expect((await watch(look(2 * rows, 2 * intervalSeconds))).findings).toEqual(['DELETION_RATE'])
  expect((await watch(look(2 * rows, 3 * intervalSeconds))).findings).toEqual([])
})

it('finds a single row that was changed in a table that only grows', async () => {
  const store = new MemoryConditionalStore()
  const changed = (rewritten: number) =>
    watchChanges(
      store,
      'sa-east-1',
      look(0, 0, { tables: [{ table: appendOnly, deleted: 0, rewritten, live: 1_000_000 }] }),
      policy,
    )
  await changed(0)
  expect((await changed(1)).findings).toEqual(['APPEND_ONLY_CHANGED'])
})

it('compares no database with another one, and no region with another one', async () => {
  const store = new MemoryConditionalStore()
  await watchChanges(store, 'sa-east-1', look(0), policy)
  const restored = look(10 * rows, intervalSeconds, { instance: 'db-g3' })
  expect(await watchChanges(store, 'sa-east-1', restored, policy)).toMatchObject({ outcome: 'first-look' })
  expect(await watchChanges(store, 'eu-west-1', look(10 * rows), policy)).toMatchObject({ outcome: 'first-look' })
})

it('keeps one look when two are made at once', async () => {
  const store = new MemoryConditionalStore()
  await watchChanges(store, 'sa-east-1', look(0), policy)
  const both = [look(rows, intervalSeconds), look(rows, intervalSeconds)]
  const seen = await Promise.all(both.map((one) => watchChanges(store, 'sa-east-1', one, policy)))
  expect(seen.map(({ findings }) => findings)).toEqual([['DELETION_RATE'], ['DELETION_RATE']])
  expect((await watchChanges(store, 'sa-east-1', look(rows, 2 * intervalSeconds), policy)).findings).toEqual([])
})
