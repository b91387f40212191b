import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'

/** A database with some history, and what a test can do to it. */
export interface RestoreStage {
  readonly ports: Pick<Ports, 'restore' | 'copyRemoval' | 'inventory' | 'clock'>
  readonly source: InstanceRef
  /** A database that keeps no history. */
  readonly without: InstanceRef
  /** Names that nothing has yet. */
  readonly spares: readonly [InstanceRef, InstanceRef]
  /** Sets a marker and gives its moment, in ISO 8601. */
  mark(name: string): Promise<string>
  /** Commits a transaction and gives its number and moment. */
  commit(): Promise<{ readonly id: string; readonly at: string }>
  /** How far before a moment a restore to it may stop: what it can tell apart. @default a millisecond */
  readonly resolutionMs?: number
  /** Waits until what was committed lies inside the window. */
  ship(): Promise<void>
  /** Whether anybody but the fence role could write. */
  acceptsWrites(ref: InstanceRef): Promise<boolean>
  remove(): Promise<void>
}

/** Longest a copy of a test may take. */
const PATIENCE_MS = 3_600_000

/** What everything must do that makes copies from history, and removes them again. */
export function describeRestore(name: string, factory: () => Promise<RestoreStage> | RestoreStage): void {
  describe(`restore: ${name}`, () => {
    let stage: RestoreStage
    beforeAll(async () => {
      stage = await factory()
    })
    afterAll(() => stage?.remove())

    const untilThere = async (ref: InstanceRef) => {
      const { inventory, clock } = stage.ports
      const began = clock.monotonicMs()
      while ((await inventory.describe(ref).catch(() => undefined))?.status !== 'available') {
        if (clock.monotonicMs() - began > PATIENCE_MS) throw new Error(`'${ref.instance}' did not become available`)
        await clock.sleep(200)
      }
    }

    /** Never after it: nothing may come with a copy that its moment leaves out. */
    const expectJustBefore = (found: string | undefined, moment: string) => {
      const early = Date.parse(moment) - Date.parse(found ?? '')
      expect(early).toBeGreaterThanOrEqual(0)
      expect(early).toBeLessThan(stage.resolutionMs ?? 1)
    }

    it('knows no window of a database without history', async () => {
      expect(await stage.ports.restore.window(stage.without)).toBeUndefined()
    })

    it('knows a window that has begun, and ends no later than now', async () => {
      const { earliest, latest } = (await stage.ports.restore.window(stage.source))!
      expect(Date.parse(earliest)).toBeLessThan(Date.parse(latest))
      expect(Date.parse(latest)).toBeLessThanOrEqual(stage.ports.clock.now().getTime())
    })

    it('gives the moment of a time in UTC, of a transaction and of a marker, and none for what it does not know', async () => {
      const { restore } = stage.ports
      const at = await restore.momentOf(stage.source, { kind: 'time', at: '2026-01-01T09:00:00-03:00' })
      expect(at).toMatch(/^2026-01-01T12:00:00(\.0+)?Z$/)
      const { id, at: committed } = await stage.commit()
      const found = await restore.momentOf(stage.source, { kind: 'transaction', id })
      expectJustBefore(found, committed)
      const marked = await stage.mark('release-1')
      const mark = await restore.momentOf(stage.source, { kind: 'marker', name: 'release-1' })
      expectJustBefore(mark, marked)
      expect(await restore.momentOf(stage.source, { kind: 'marker', name: 'release-2' })).toBeUndefined()
      expect(await restore.momentOf(stage.source, { kind: 'transaction', id: '4000000000' })).toBeUndefined()
    })

    it('makes a copy that nobody may write to, once for a key, refuses a name that is taken, and removes that copy and no other', async () => {
      const { restore, inventory } = stage.ports
      const at = await stage.mark('before')
      await stage.ship()
      const [copy] = stage.spares
      const request = { key: 'run-1/restore-beside', at, copy }
      await restore.begin(stage.source, request)
      await restore.begin(stage.source, request)
      await untilThere(copy)
      await restore.begin(stage.source, request)
      expect(await inventory.describe(copy)).toMatchObject({ role: 'primary', status: 'available' })
      expect(await stage.acceptsWrites(copy)).toBe(false)
      expect(await stage.acceptsWrites(stage.source)).toBe(true)
      await expect(restore.begin(stage.source, { ...request, key: 'run-2/restore-beside' })).rejects.toMatchObject({
        failure: 'conflict',
        code: 'COPY_EXISTS',
      })

      const { copyRemoval } = stage.ports
      const [, absent] = stage.spares
      for (const [ref, restoreKey] of [
        [stage.source, 'run-1/restore-beside'],
        [copy, 'run-2/restore-beside'],
      ] as const)
        await expect(copyRemoval.remove(ref, { restoreKey })).rejects.toMatchObject({
          failure: 'denied',
          code: 'NOT_A_TEST_COPY',
        })
      await copyRemoval.remove(copy, { restoreKey: 'run-1/restore-beside' })
      while (await inventory.describe(copy)) await stage.ports.clock.sleep(200)
      await copyRemoval.remove(copy, { restoreKey: 'run-1/restore-beside' })
      await copyRemoval.remove(absent, { restoreKey: 'run-1/restore-beside' })
      expect(await inventory.describe(stage.source)).toMatchObject({ status: 'available' })
    })
  })
}
