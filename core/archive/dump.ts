import { Measured } from '../backup/measured'
import type { DataClass } from '../ports/archive-disposal'
import type { Clock } from '../ports/clock'
import type { EvidenceLog } from '../ports/evidence-log'
import type { ConsistentState, DumpArchive, DumpSource } from '../ports/logical-dump'

export interface DumpWorld {
  readonly source: DumpSource
  readonly archive: DumpArchive
  readonly evidence: EvidenceLog
  readonly clock: Clock
  readonly environment: string
  /** Tables of each data class, as `schema.table`; a class without tables is left out. */
  readonly tables: ReadonlyMap<DataClass, readonly string[]>
}

export interface DumpedClass {
  readonly dataClass: DataClass
  /** `held`: an earlier attempt of the same run has kept it. */
  readonly state: 'dumped' | 'held'
}

/** Folder of the dumps of one run, which is named after the time that it was scheduled for. */
export const dumpFolder = (scheduledAt: Date): string => `dumps/${scheduledAt.toISOString().slice(0, 19)}Z/`
/** Held once the dump of a class is whole. */
export const dumpManifest = (scheduledAt: Date): string => `${dumpFolder(scheduledAt)}manifest.json`

/**
 * Dumps the tables of each class into its archive: compressed, all classes from one state of the database, each with a manifest that says what a restored copy has to hold. Streams, so that memory does not grow with the database. Run
 * again for the same time, it goes on with the classes that have no manifest. Undefined where another region writes.
 */
export const dumpToArchive = (world: DumpWorld, scheduledAt: Date): Promise<DumpedClass[] | undefined> =>
  world.source.consistently(async (state) => {
    const dumped: DumpedClass[] = []
    for (const [dataClass, tables] of world.tables) {
      if (tables.length === 0) continue
      const held = await world.archive.holds(dataClass, dumpManifest(scheduledAt))
      if (!held) await dumpClass(world, state, { dataClass, tables, scheduledAt })
      dumped.push({ dataClass, state: held ? 'held' : 'dumped' })
    }
    return dumped
  })

interface WantedDump {
  readonly dataClass: DataClass
  readonly tables: readonly string[]
  readonly scheduledAt: Date
}

async function dumpClass(world: DumpWorld, state: ConsistentState, wanted: WantedDump): Promise<void> {
  const { archive, evidence, clock, environment } = world
  const { dataClass, tables, scheduledAt } = wanted
  const startedAt = clock.now()
  // By its own time too: what an attempt kept without reaching its manifest is locked, and not written over.
  const key = `${dumpFolder(scheduledAt)}${startedAt.toISOString()}.dump`
  const measured = new Measured()
  const content = await state.content(tables)
  await archive.keep(dataClass, key, measured.of(state.dump(tables)))
  const { bytes, sha256 } = measured.result()
  const manifest = {
    key,
    environment,
    dataClass,
    position: state.position,
    serverVersion: state.serverVersion,
    tables: content.map(({ table, rows, hash }) => ({ table, rows, hash })),
    bytes,
    sha256,
  }
  await evidence.append({
    // Of this file: an attempt that ended before its manifest leaves a record of another one.
    key: `archive-dump/${dataClass}/${key}`,
    kind: 'archive-dump',
    subject: `${dataClass}-${scheduledAt.toISOString().slice(0, 10)}`,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    outcome: 'succeeded',
    measurements: { dataClass, tables: tables.length, bytes, sha256 },
    artefacts: [],
    controls: [],
    actor: 'archive-dump',
  })
  // Last of all: what has a manifest is whole.
  await archive.write(dataClass, dumpManifest(scheduledAt), `${JSON.stringify(manifest, undefined, 2)}\n`)
}
