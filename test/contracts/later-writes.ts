import { createHash } from 'node:crypto'
import type { InstanceRef } from '../../core/ports/database'
import type { LaterWrites } from '../../core/ports/later-writes'

/** A database in which rows are written, and what a test can do to it. */
export interface LaterWritesStage {
  readonly laterWrites: LaterWrites
  readonly source: InstanceRef
  /** A copy of it in which nothing is that the source has not. */
  readonly recovered: InstanceRef
  /** Table of the register that rows are written into. */
  readonly table: string
  /** Its own time, in ISO 8601. */
  now(): Promise<string>
  /** Commits a row, and gives its id. */
  write(): Promise<string>
  /** What is kept under the name of a list. */
  kept(name: string): Promise<string>
  remove(): Promise<void>
}

const REACH_BACK_SECONDS = 60

/** What every list of later writes must be. */
export function describeLaterWrites(name: string, factory: () => Promise<LaterWritesStage> | LaterWritesStage): void {
  describe(`later writes: ${name}`, () => {
    let stage: LaterWritesStage
    beforeAll(async () => {
      stage = await factory()
    }, 120_000)
    afterAll(() => stage?.remove())

    const list = async (since: string, key = 'run-1/list-later-writes') => {
      const listed = await stage.laterWrites.list(stage.source, {
        key,
        since,
        recovered: stage.recovered,
        reachBackSeconds: REACH_BACK_SECONDS,
      })
      if (listed.kind === 'inconclusive') throw new Error(listed.code)
      const text = await stage.kept(listed.artefact.name)
      expect(listed.artefact.sha256).toBe(createHash('sha256').update(text).digest('hex'))
      const rows = text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown)
      return { ...listed, rows }
    }

    it('are the ids of what was written at or after the moment, counted, and kept under the hash that is told', async () => {
      await stage.write()
      const since = await stage.now()
      const id = await stage.write()
      expect(await list(since)).toMatchObject({
        tables: [{ table: stage.table, rows: 1 }],
        deleted: [],
        rows: [{ table: stage.table, id }],
      })
    })

    it('are listed anew when they are asked for again, and apart for each run', async () => {
      const since = await stage.now()
      const first = await stage.write()
      expect((await list(since)).rows).toEqual([{ table: stage.table, id: first }])
      const second = await stage.write()
      const again = await list(since)
      expect(again.rows).toEqual([first, second].map((id) => ({ table: stage.table, id })))
      const other = await list(since, 'run-2/list-later-writes')
      expect(other.artefact.name).not.toBe(again.artefact.name)
      expect(other.artefact.sha256).toBe(again.artefact.sha256)
    })

    it('are an empty list where there are none', async () => {
      await stage.write()
      expect(await list(await stage.now())).toMatchObject({ tables: [], rows: [] })
    })

    it('are never called none where the moment is older than what is known', async () => {
      const request = {
        key: 'run-1/list-later-writes',
        since: '2020-01-01T00:00:00Z',
        recovered: stage.recovered,
        reachBackSeconds: 0,
      }
      expect(await stage.laterWrites.list(stage.source, request)).toEqual({
        kind: 'inconclusive',
        code: 'COMMIT_TIMES_TOO_YOUNG',
      })
    })
  })
}
