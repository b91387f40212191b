import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryDumpArchive } from '../../../adapters/memory/dump-archive'
import { dumpManifest } from '../../../core/archive/dump'
import { lateDumps } from '../../../core/archive/late-dumps'
import type { Policy } from '../../../core/policy'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
// 22:00 on the first, in Sao Paulo.
const NOVEMBER = new Date('2026-11-02T01:00:00.000Z')
const CLASSES = ['phi', 'pii', 'financial'] as const

const lateAt = (now: string, archive: MemoryDumpArchive, on: Policy = policy) =>
  lateDumps({ policy: on, archive, clock: new VirtualClock(new Date(now)) })

async function archiveOf(classes: readonly (typeof CLASSES)[number][], scheduledAt: Date) {
  const archive = new MemoryDumpArchive()
  for (const name of classes) await archive.write(name, dumpManifest(scheduledAt), '{}')
  return archive
}

it('names the classes of the last dump that are not whole, once its time is over', async () => {
  const archive = await archiveOf(['phi', 'financial'], NOVEMBER)
  expect(await lateAt('2026-11-02T05:00:01.000Z', archive)).toEqual(['pii'])
  expect(await lateAt('2026-12-01T12:00:00.000Z', archive)).toEqual(['pii'])
})

it('does not look for a dump that may still run', async () => {
  const october = await archiveOf(CLASSES, new Date('2026-10-02T01:00:00.000Z'))
  expect(await lateAt('2026-11-02T04:59:00.000Z', october)).toEqual([])
  expect(await lateAt('2026-11-02T05:00:01.000Z', october)).toEqual([...CLASSES])
})

it('looks for none where the policy takes none', async () => {
  const reason = 'the database is small enough to be exported as it is'
  const none = { ...policy, archive: { ...policy.archive, dump: { mode: 'none' as const, reason } } }
  expect(await lateAt('2026-11-05T00:00:00.000Z', new MemoryDumpArchive(), none)).toEqual([])
})
