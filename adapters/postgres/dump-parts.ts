import { join } from 'node:path'
import type { DumpPart } from '../../core/ports/backup-source'
import type { PostgresClient } from '../local/postgres-client'
import { dumpedBy } from './client-program'
import { clientEnvironment, type DatabaseAddress } from './database-url'

export interface DumpSettings {
  readonly address: DatabaseAddress
  readonly client: PostgresClient
  /** Name of the snapshot that every part is dumped in. */
  readonly snapshot: string
  readonly lockWaitMs: number
}

/** The parts of a dump, each by a `pg_dump` of its own in the one snapshot: `shares` are the tables of all but the first with rows. */
export function dumpParts(settings: DumpSettings, shares: readonly (readonly string[])[]): DumpPart[] {
  const part = (name: string, what: readonly string[]) => ({ name, bytes: () => dumped(settings, what) })
  const elsewhere = shares.flat().map((table) => `--exclude-table-data=${table}`)
  return [
    part('schema', ['--section=pre-data', '--section=post-data']),
    part('rows-1', ['--section=data', ...elsewhere]),
    ...shares.map((tables, at) =>
      part(`rows-${at + 2}`, ['--section=data', '--strict-names', ...tables.map((table) => `--table=${table}`)]),
    ),
  ]
}

const dumped = ({ address, client, snapshot, lockWaitMs }: DumpSettings, what: readonly string[]) =>
  dumpedBy({
    program: join(client.folder, 'pg_dump'),
    args: [
      '--format=custom',
      `--compress=${compressionOf(client)}`,
      '--no-password',
      `--snapshot=${snapshot}`,
      `--lock-wait-timeout=${lockWaitMs}`,
      ...what,
    ],
    env: clientEnvironment(address),
  })

/** The fastest level: on clinical text it is no larger than the default one. Before 16 there is only gzip. */
const compressionOf = ({ version }: PostgresClient): string => (Number.parseInt(version, 10) >= 16 ? 'zstd:1' : '1')

/**
 * Parts that tell when all of them have begun. By its first byte a dump has locked its tables and read its sequences: whatever
 * is looked at later, the dump has too.
 */
export function toldOnceBegun(parts: readonly DumpPart[]): {
  readonly parts: DumpPart[]
  readonly begun: Promise<unknown>
} {
  const signals = parts.map(() => new Signal())
  return {
    parts: parts.map((part, at) => ({ name: part.name, bytes: () => signals[at]!.after(part.bytes()) })),
    begun: Promise.all(signals.map(({ given }) => given)),
  }
}

/** Given once a stream has begun, or has ended before it did. */
class Signal {
  private give!: () => void
  readonly given = new Promise<void>((resolve) => (this.give = resolve))

  async *after(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of stream) {
        this.give()
        yield chunk
      }
    } finally {
      this.give()
    }
  }
}
