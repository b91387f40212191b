import { open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalWorld } from '../../adapters/local/world'
import { dumpsOf } from './dumps'

/** What goes wrong in one week, from outside: in the files of the backups, or nobody starts the test. */
export type PlantedWeek = 'segment-missing' | 'page-damaged' | 'dump-damaged' | 'not-carried-out'

/** Damages the backups; what it returns puts everything back as it was. */
export const PLANTED: Readonly<
  Record<Exclude<PlantedWeek, 'not-carried-out'>, (world: LocalWorld) => Promise<() => Promise<void>>>
> = {
  'segment-missing': async (world) => {
    const archive = join(regionFolder(world), 'archive')
    const label = await readFile(join(regionFolder(world), 'base-backup', 'backup_label'), 'utf8')
    // The log of before the backup nobody needs.
    const first = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$/m.exec(label)![1]!
    const segments = (await readdir(archive)).filter((file) => /^[0-9A-F]{24}$/.test(file) && file >= first).toSorted()
    // One in the middle: both ends are there, and nobody who looks at them alone notices.
    const middle = join(archive, segments[Math.floor(segments.length / 2)]!)
    await rename(middle, `${middle}.away`)
    return () => rename(`${middle}.away`, middle)
  },
  'page-damaged': async (world) => {
    const relative = await world.withInstance(world.primary, async (client) => {
      const { rows } = await client.query<{ path: string }>(
        `select pg_relation_filepath('clinic.prescriptions') as path`,
      )
      return rows[0]!.path
    })
    const file = await open(join(regionFolder(world), 'base-backup', relative), 'r+')
    const before = Buffer.alloc(64)
    // Inside of the rows of the first page, behind its header and its line pointers.
    await file.read(before, 0, before.length, 4096)
    const after = Buffer.from(before.map((byte) => byte ^ 0xff))
    await file.write(after, 0, after.length, 4096)
    return async () => {
      await file.write(before, 0, before.length, 4096)
      await file.close()
    }
  },
  'dump-damaged': async (world) => {
    const folder = dumpsOf(world)
    // Named by their time.
    const newest = (await readdir(folder)).toSorted().at(-1)!
    const file = await open(join(folder, newest, 'rows-1.sealed'), 'r+')
    const { size } = await file.stat()
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, Math.floor(size / 2))
    await file.write(Buffer.from([byte.readUInt8(0) ^ 1]), 0, 1, Math.floor(size / 2))
    return () => file.close()
  },
}

const regionFolder = (world: LocalWorld): string => join(world.folder, world.primary.region)
