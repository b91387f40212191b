import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'
import type { IndependentReaders, ParquetContent } from '../../core/ports/archive-reading'
import { PortError } from '../../core/ports/errors'
import { endOf, feed } from '../postgres/client-program'

/** Rows that are decoded at a time, so that memory does not grow with a file. */
const ROWS_AT_ONCE = 10_000

/** `pg_restore` of PostgreSQL's own client, in that folder or on the path of the process, and hyparquet. */
export const independentReaders = (client?: string): IndependentReaders => ({
  dump: (bytes) => rowsOfDump(client === undefined ? 'pg_restore' : join(client, 'pg_restore'), bytes),
  parquet: contentOfParquet,
})

const BEGIN = /^COPY (\S+) /
const END = '\\.'

/** Written out as the statements that would restore it: between the head of a table and its end each line is a row. */
async function rowsOfDump(program: string, bytes: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, number>> {
  const reading = spawn(program, ['--data-only', '--file=-'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  })
  const ended = endOf(reading)
  const fed = feed(bytes, reading.stdin, ended).then(
    () => undefined,
    (error: unknown) => {
      // Before its input ends: what it has so far must not be taken for all.
      reading.kill('SIGKILL')
      return error
    },
  )
  const rows = new Map<string, number>()
  let table: string | undefined
  for await (const line of createInterface({ input: reading.stdout })) {
    if (table === undefined) {
      table = BEGIN.exec(line)?.[1]?.replaceAll('"', '')
      if (table !== undefined) rows.set(table, 0)
    } else if (line === END) table = undefined
    else rows.set(table, rows.get(table)! + 1)
  }
  const [how, failure] = [await ended, await fed]
  if (failure !== undefined) throw failure
  if (how === 0 && table === undefined) return rows
  // Not started, or ended by somebody else: that says nothing about the dump.
  if (typeof how === 'string')
    throw new PortError('unreachable', 'READER_ENDED', `pg_restore was ended or not started: ${how}; start it again`)
  throw new PortError('invalid', 'DUMP_UNREADABLE', `pg_restore ended with ${how}; take another copy of the dump`)
}

/** Every value of every column, a part of the rows at a time. RDS compresses its exports with gzip. */
async function contentOfParquet(bytes: AsyncIterable<Uint8Array>): Promise<ParquetContent> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet')
  const aside = await mkdtemp(join(tmpdir(), 'parquet-'))
  try {
    const path = join(aside, 'part.parquet')
    // Its table of contents stands at its end, so that it is read from a disk and not from a stream.
    await pipeline(bytes, createWriteStream(path, { mode: 0o600 }))
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    const rows = Number(metadata.num_rows)
    let read = 0
    for (let rowStart = 0; rowStart < rows; rowStart += ROWS_AT_ONCE)
      await parquetRead({
        file,
        metadata,
        rowStart,
        rowEnd: Math.min(rowStart + ROWS_AT_ONCE, rows),
        compressors: { GZIP: (input) => gunzipSync(input) },
        onComplete: (decoded) => (read += decoded.length),
      })
    if (read !== rows) throw unreadable(`it tells of ${rows} rows and holds ${read}`)
    return { rows, columns: parquetSchema(metadata).children.map(({ element }) => element.name) }
  } catch (error) {
    throw error instanceof PortError || isOfDisk(error) ? error : unreadable('it is damaged')
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

const isOfDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined

const unreadable = (why: string): PortError =>
  new PortError('invalid', 'PARQUET_UNREADABLE', `a file of Parquet cannot be read: ${why}; take another copy`)
