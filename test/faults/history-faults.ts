import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceRef } from '../../core/ports/database'
import { writeOn, type HistoryGround } from './history-ground'

/** One thing that goes wrong with a history or a replica, from outside, and what has to notice it. */
export interface HistoryFault {
  readonly fault: string
  readonly caughtBy: 'weekly' | 'daily' | 'comparison' | 'validation'
  readonly code: string
  /** Does it; what it returns puts everything back as it was. */
  readonly inject: (ground: HistoryGround) => Promise<() => Promise<void>>
}

/** Where rows lie in the first page of a table: behind its header and its line pointers, before its end. */
const INSIDE_OF_ROWS = 4096
/**
 * Behind the header of a segment, in what every one holds: the first record, or the rest of the last one of the segment before. A
 * segment that was left early has hardly more.
 */
const INSIDE_OF_RECORDS = 44

async function movedAway(path: string): Promise<() => Promise<void>> {
  await rename(path, `${path}.away`)
  return () => rename(`${path}.away`, path)
}

async function flipped(path: string, at: number): Promise<() => Promise<void>> {
  const file = await open(path, 'r+')
  const before = Buffer.alloc(2)
  await file.read(before, 0, before.length, at)
  await file.write(Buffer.from(before.map((byte) => byte ^ 0xff)), 0, before.length, at)
  return async () => {
    await file.write(before, 0, before.length, at)
    await file.close()
  }
}

async function tableFile({ world, backup }: HistoryGround, table: string): Promise<string> {
  const { rows } = await world.withInstance(world.primary, (client) =>
    client.query<{ path: string }>('select pg_relation_filepath($1::regclass) as path', [table]),
  )
  return join(backup, rows[0]!.path)
}

/** A segment in the middle: both ends are there, and nobody who looks at them alone notices. */
async function middleOf(ground: HistoryGround): Promise<string> {
  const segments = await ground.segments()
  return join(ground.archive, segments[segments.length - 3]!)
}

/** Stops one process of a server, as a driver or a network file system may. */
async function stopped({ world }: HistoryGround, of: InstanceRef, kind: string): Promise<() => Promise<void>> {
  const { rows } = await world.withInstance(of, (client) =>
    client.query<{ pid: number }>('select pid from pg_stat_activity where backend_type = $1', [kind]),
  )
  process.kill(rows[0]!.pid, 'SIGSTOP')
  return async () => void process.kill(rows[0]!.pid, 'SIGCONT')
}

export const HISTORY_FAULTS: readonly HistoryFault[] = [
  {
    fault: 'WAL segment missing in the middle',
    caughtBy: 'weekly',
    code: 'LOG_HAS_A_GAP',
    inject: async (ground) => movedAway(await middleOf(ground)),
  },
  {
    fault: 'last WAL segment deleted',
    caughtBy: 'weekly',
    code: 'LOG_HAS_A_GAP',
    inject: async (ground) => movedAway(join(ground.archive, (await ground.segments()).at(-1)!)),
  },
  {
    fault: '2 bytes flipped in a WAL segment',
    caughtBy: 'weekly',
    code: 'DATABASE_UNREACHABLE',
    inject: async (ground) => flipped(await middleOf(ground), INSIDE_OF_RECORDS),
  },
  {
    fault: '2 bytes flipped in a data file',
    caughtBy: 'weekly',
    // data_corrupted (https://www.postgresql.org/docs/18/errcodes-appendix.html)
    code: 'XX001',
    inject: async (ground) => flipped(await tableFile(ground, 'clinic.prescriptions'), INSIDE_OF_ROWS),
  },
  {
    fault: 'data file deleted',
    caughtBy: 'weekly',
    // undefined_file
    code: '58P01',
    inject: async (ground) => movedAway(await tableFile(ground, 'clinic.prescriptions')),
  },
  {
    fault: 'label of the base backup deleted',
    caughtBy: 'weekly',
    code: 'BACKUP_LABEL_MISSING',
    inject: async ({ backup }) => movedAway(join(backup, 'backup_label')),
  },
  {
    fault: 'label of the base backup flipped',
    caughtBy: 'weekly',
    code: 'BACKUP_LABEL_MISSING',
    inject: async ({ backup }) => {
      const label = join(backup, 'backup_label')
      const text = await readFile(label, 'utf8')
      await writeFile(label, text.replace(/\(file ([0-9A-F]{23})/, '(file $1x'))
      return () => writeFile(label, text)
    },
  },
  {
    fault: 'replica stuck: nothing is received',
    caughtBy: 'daily',
    code: 'replica-silent',
    inject: (ground) => stopped(ground, ground.world.replica, 'walreceiver'),
  },
  {
    fault: 'replica stuck: nothing is replayed',
    caughtBy: 'daily',
    code: 'replica-behind',
    inject: (ground) => stopped(ground, ground.world.replica, 'startup'),
  },
  {
    fault: 'replica stuck while it is compared',
    caughtBy: 'comparison',
    code: 'REPLICA_BEHIND',
    inject: async (ground) => {
      const mend = await stopped(ground, ground.world.replica, 'startup')
      // Or it would hold everything that there is.
      await writeOn(ground)
      return mend
    },
  },
  {
    fault: 'corrupt page in the live source',
    caughtBy: 'validation',
    code: 'content',
    inject: async ({ world }) => {
      await world.damagePage('clinic.prescriptions')
      // The same bytes turned over twice are what they were.
      return () => world.damagePage('clinic.prescriptions')
    },
  },
]
