import { MemoryArchiveIntake, MemorySnapshotExports } from '../../../adapters/memory/archive-export'
import { VirtualClock } from '../../../adapters/memory/clock'
import { Recorder } from '../../../adapters/memory/faults'
import { archivedTables } from '../../../core/archive/classes'
import { exportToArchive } from '../../../core/archive/export'
import type { ArchiveIntake } from '../../../core/ports/archive-intake'
import { PortError } from '../../../core/ports/errors'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import type { SnapshotExports } from '../../../core/ports/snapshot-exports'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const TASK = 'archive-phi-2026-11-1'
const MANIFEST = 'phi/exports/2026-11/manifest.json'

function world(now = '2026-11-03T12:00:00.000Z') {
  const recorder = new Recorder()
  const exports = new MemorySnapshotExports()
  const archive = new MemoryArchiveIntake()
  const drafts = new Map<string, EvidenceDraft>()
  const clock = new VirtualClock(new Date(now))
  const runAll = () =>
    exportToArchive({
      policy,
      clock,
      exports: recorder.watch<SnapshotExports>('exports', exports),
      archive: recorder.watch<ArchiveIntake>('archive', archive),
      evidence: recorder.watch('evidence', {
        append: async (draft: EvidenceDraft) => (
          drafts.set(draft.key, draft),
          { id: draft.key, sequence: 0, hash: 'f' }
        ),
      }),
    })
  const run = async () => (await runAll()).find(({ dataClass }) => dataClass === 'phi')
  /** What RDS leaves behind: files of data, and what it says of each table. */
  const written = ({ files = 5, tables = archivedTables(policy, 'phi'), task = TASK, table = {} } = {}) => {
    exports.end(task, 'complete')
    const text = JSON.stringify({
      perTableStatus: tables.map((name) => ({ target: `neonpro.${name}`, status: 'COMPLETE', ...table })),
    })
    const info = { key: `${task}/export_tables_info_${task}_from_1_to_${tables.length}.json`, bytes: text.length, text }
    archive.stagedObjects.push({ key: `${task}/export_info_${task}.json`, bytes: 10 }, info)
    for (let i = 0; i < files; i += 1)
      archive.stagedObjects.push({ key: `${task}/records/part-${i}.parquet`, bytes: 10 })
    return info.bytes
  }
  return { run, runAll, exports, archive, drafts, clock, recorder, written }
}
const taken = (arn = 'arn:s') => ({ arn, takenAt: '2026-11-02T05:00:00.000Z' })

it('exports the tables of each class and nothing that rests on consent alone', () => {
  const tables = archivedTables(policy, 'phi')
  expect(tables).toContain('clinic.records')
  const withdrawn = policy.stores.map((store) =>
    store.id === 'clinic.records' ? { ...store, restsOn: 'consent' as const } : store,
  )
  expect(archivedTables({ stores: withdrawn }, 'phi')).toEqual(tables.filter((table) => table !== 'clinic.records'))
  const consented = policy.stores.filter(({ restsOn }) => restsOn === 'consent').map(({ id }) => id)
  const all = (['phi', 'pii', 'financial', 'operational', 'public'] as const).flatMap((name) =>
    archivedTables(policy, name),
  )
  expect(all.filter((table) => consented.includes(table))).toEqual([])
  expect(all).toHaveLength(new Set(all).size)
})

it('goes from a snapshot to an archive with a manifest and evidence, one step at a time', async () => {
  const { run, exports, archive, drafts, written } = world()
  expect(await run()).toMatchObject({ state: 'no-snapshot', late: false })
  exports.snapshots.push(taken())
  expect(await run()).toMatchObject({ state: 'exporting' })
  expect(exports.tasks.get(TASK)).toMatchObject({ snapshot: 'arn:s', tables: archivedTables(policy, 'phi') })
  expect(await run()).toMatchObject({ state: 'exporting' })
  const bytes = 60 + written()
  expect(await run()).toMatchObject({ state: 'archived' })
  expect(JSON.parse(String(archive.kept.get(MANIFEST)))).toMatchObject({
    task: TASK,
    snapshot: 'arn:s',
    objects: 7,
    bytes,
  })
  const evidence = drafts.get('archive-export/phi/2026-11')
  expect(evidence).toMatchObject({ outcome: 'succeeded', measurements: { objects: 7, bytes } })
  expect(JSON.stringify(evidence)).not.toContain('part-')
})

it('does nothing more for a month that is archived, and begins anew with the next', async () => {
  const { run, exports, written, clock, recorder } = world()
  exports.snapshots.push(taken())
  await run()
  written()
  await run()
  recorder.calls.length = 0
  expect(await run()).toMatchObject({ month: '2026-11', state: 'archived', late: false })
  expect(recorder.calls.filter((call) => /take|write|append|start/.test(call))).toEqual([])
  await clock.sleep(28 * 86_400_000)
  // The newest snapshot is still that of November, which is archived already.
  expect(await run()).toMatchObject({ month: '2026-12', state: 'no-snapshot', late: false })
  exports.snapshots.push({ arn: 'arn:d', takenAt: '2026-12-01T05:00:00.000Z' })
  expect(await run()).toMatchObject({ month: '2026-12', state: 'exporting' })
})

it('tries again where a task failed, and says when every attempt did', async () => {
  const { run, exports } = world()
  exports.snapshots.push(taken())
  for (let attempt = 1; attempt <= policy.archive.export.attempts; attempt += 1) {
    expect(await run()).toMatchObject({ state: 'exporting', late: false })
    exports.end(`archive-phi-2026-11-${attempt}`, 'failed')
  }
  expect(await run()).toMatchObject({ state: 'failed', late: true })
})

it.each([
  ['says nothing about a table', { tables: archivedTables(policy, 'phi').slice(1) }],
  ['says that a table did not end', { table: { status: 'FAILED' } }],
  ['warns of rows that it skipped', { table: { warningMessage: 'rows were skipped' } }],
])('does not take a complete task that %s for a whole one, and tries again', async (_, how) => {
  const { run, exports, archive, written } = world()
  exports.snapshots.push(taken())
  await run()
  written(how)
  expect(await run()).toMatchObject({ state: 'exporting' })
  expect([...exports.tasks.keys()]).toContain('archive-phi-2026-11-2')
  expect(archive.kept.has(MANIFEST)).toBe(false)
})

it('does not take in what may have left the place where it was staged', async () => {
  const { run, exports, archive, written, clock } = world()
  exports.snapshots.push(taken())
  await run()
  written()
  exports.end(TASK, 'complete', false, clock.now().toISOString())
  await clock.sleep((policy.archive.export.stagedDays - 1) * 86_400_000)
  expect(await run()).toMatchObject({ state: 'exporting' })
  expect([...exports.tasks.keys()]).toContain('archive-phi-2026-11-2')
  expect(archive.kept.size).toBe(0)
})

it('does not take a task that warns for a whole one', async () => {
  const { run, exports, archive, written } = world()
  exports.snapshots.push(taken())
  await run()
  written()
  exports.end(TASK, 'complete', true)
  expect(await run()).toMatchObject({ state: 'exporting' })
  expect(archive.kept.size).toBe(0)
})

it('stays late in the next month, until that one is archived', async () => {
  const { run, exports, clock, written } = world('2026-11-28T12:00:00.000Z')
  exports.snapshots.push({ arn: 'arn:s', takenAt: '2026-11-28T05:00:00.000Z' })
  for (let attempt = 1; attempt <= policy.archive.export.attempts; attempt += 1) {
    await run()
    exports.end(`archive-phi-2026-11-${attempt}`, 'failed')
  }
  expect(await run()).toMatchObject({ state: 'failed', late: true })
  await clock.sleep(4 * 86_400_000)
  expect(await run()).toMatchObject({ month: '2026-12', state: 'no-snapshot', late: true })
  exports.snapshots.push({ arn: 'arn:d', takenAt: '2026-12-02T05:00:00.000Z' })
  expect(await run()).toMatchObject({ state: 'exporting', late: true })
  written({ task: 'archive-phi-2026-12-1' })
  expect(await run()).toMatchObject({ state: 'archived', late: false })
})

it('goes on with the other classes where one cannot', async () => {
  const { runAll, exports, recorder } = world()
  exports.snapshots.push(taken())
  const start = exports.start.bind(exports)
  exports.start = async (task) => {
    if (task.id.includes('phi')) throw new PortError('denied', 'AccessDenied', 'no')
    await start(task)
  }
  const progress = await runAll()
  expect(progress.find(({ dataClass }) => dataClass === 'phi')).toMatchObject({
    state: 'interrupted',
    code: 'AccessDenied',
    late: false,
  })
  expect(progress.filter(({ state }) => state === 'exporting').length).toBe(progress.length - 1)
  expect(progress.length).toBeGreaterThan(1)
  expect(recorder.calls.length).toBeGreaterThan(0)
})

it('is late after the day of the policy, and not before', async () => {
  const { dueByDay } = policy.archive.export
  expect(await world(`2026-11-${dueByDay}T12:00:00.000Z`).run()).toMatchObject({ late: false })
  expect(await world(`2026-11-${dueByDay + 1}T00:00:00.000Z`).run()).toMatchObject({ late: true })
})

it('stops copying before its time is over, and goes on where it was', async () => {
  const { run, exports, archive, written, clock, recorder } = world()
  exports.snapshots.push(taken())
  await run()
  written({ files: 3 })
  const take = archive.take.bind(archive)
  archive.take = async (...args) => {
    await clock.sleep((policy.archive.export.copyMinutes / 2) * 60_000)
    await take(...args)
  }
  const copies = () => recorder.calls.filter((call) => call === 'archive.take').length
  expect([await run(), copies()]).toMatchObject([{ state: 'copying' }, 2])
  expect([await run(), copies()]).toMatchObject([{ state: 'copying' }, 4])
  expect([await run(), copies()]).toMatchObject([{ state: 'archived' }, 5])
})

it.each(['exports.start', 'archive.take', 'evidence.append', 'archive.write'])(
  'is completed by the next run after a failure of %s, with one record and one manifest',
  async (call) => {
    const { run, exports, archive, drafts, recorder, written } = world()
    exports.snapshots.push(taken())
    let left = 1
    recorder.faultOf = (made) => (made === call && left-- > 0 ? 'unreachable' : undefined)
    await run().catch(() => undefined)
    await run()
    written()
    await run().catch(() => undefined)
    expect(await run()).toMatchObject({ state: 'archived' })
    expect([...drafts.keys()].filter((key) => key.includes('/phi/'))).toHaveLength(1)
    expect([...archive.kept.keys()].filter((key) => key.startsWith('phi/'))).toHaveLength(8)
  },
)
