import { MemoryArchiveIntake, MemorySnapshotExports } from '../../../adapters/memory/archive-export'
import { VirtualClock } from '../../../adapters/memory/clock'
import { Recorder } from '../../../adapters/memory/faults'
import { archivedTables, exportToArchive } from '../../../core/archive/export'
import type { ArchiveIntake } from '../../../core/ports/archive-intake'
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
  const run = async () => {
    const progress = await exportToArchive({
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
    return progress.find(({ dataClass }) => dataClass === 'phi')
  }
  const written = (files = 5) => {
    exports.end(TASK, 'complete')
    for (let i = 0; i < files; i += 1)
      archive.stagedObjects.push({ key: `${TASK}/records/part-${i}.parquet`, bytes: 10 })
  }
  return { run, exports, archive, drafts, clock, recorder, written }
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
  written()
  expect(await run()).toMatchObject({ state: 'archived' })
  expect(JSON.parse(String(archive.kept.get(MANIFEST)))).toMatchObject({
    task: TASK,
    snapshot: 'arn:s',
    objects: 5,
    bytes: 50,
  })
  const evidence = drafts.get('archive-export/phi/2026-11')
  expect(evidence).toMatchObject({ outcome: 'succeeded', measurements: { objects: 5, bytes: 50 } })
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

it('never takes an export without files for a good one', async () => {
  const { run, exports, archive, written } = world()
  exports.snapshots.push(taken())
  await run()
  written(0)
  expect(await run()).toMatchObject({ state: 'failed', late: true })
  expect(archive.kept.has(MANIFEST)).toBe(false)
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
  written(5)
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
    expect([...archive.kept.keys()].filter((key) => key.startsWith('phi/'))).toHaveLength(6)
  },
)
