import { randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../adapters/local/clock'
import { FolderBackups } from '../adapters/local/folder-backups'
import { KeyWrapping } from '../adapters/local/key-wrapping'
import { fetchClient } from '../adapters/local/postgres-client-package'
import { throwawayServer } from '../adapters/local/throwaway-server'
import { PostgresBackupSource } from '../adapters/postgres/backup-source'
import { onServer } from '../adapters/postgres/database-names'
import { clientEnvironment, type DatabaseAddress } from '../adapters/postgres/database-url'
import { NewDatabase } from '../adapters/postgres/new-database'
import { fingerprintAt, pace, reading } from '../cli/backup-session'
import { storedBytes } from '../core/backup/manifest'
import { proveBackup } from '../core/backup/prove-backup'
import { takeBackup } from '../core/backup/take-backup'
import type { DatabaseFingerprint } from '../core/integrity/fingerprint'
import { median } from '../core/measurement/median'
import type { BackupSource } from '../core/ports/backup-source'

/** As servers are set, so that neither side gains by what a production server would not do. */
const SETTINGS = { archive_mode: 'off', shared_buffers: "'256MB'", max_wal_size: "'4GB'" }
/** Rows of either table that make a gigabyte, roughly: the size is measured. */
const ROWS_A_GIGABYTE = 2_600_000

/** Visits with a key of a person, a time, a number and a document each, and accounts that compress well; three large indexes. */
const SCHEMA = (rows: number) => `
  create table visits (id bigint primary key, at timestamptz not null, patient uuid not null, kind text not null, amount numeric(12, 2), body jsonb);
  insert into visits select n, timestamptz '2020-01-01' + n * interval '7 s', md5(n::text)::uuid, (array['visit', 'lab', 'note', 'invoice'])[1 + n % 4],
    (n::bigint * 7919 % 1000000) / 100.0, jsonb_build_object('code', md5((n::bigint * 31)::text), 'value', n % 977, 'unit', 'mg') from generate_series(1, ${rows}) n;
  create table accounts (id int primary key, branch int, balance int, filler char(84));
  insert into accounts select n, n % 100, 0, '' from generate_series(1, ${rows}) n;
  create index on visits (patient); create index on visits (at);
`

/** The limits of the issue, each as how many times faster than the procedure's own command. */
const LIMITS = { sealed: 3, proven: 2.5, restored: 1 }

interface Round {
  readonly gzip: number
  readonly sealed: number
  readonly proven: number
  readonly psql: number
  readonly restored: number
  readonly gzipBytes: number
  readonly sealedBytes: number
}

interface Bench {
  readonly server: DatabaseAddress
  readonly address: DatabaseAddress
  readonly programs: string
  readonly folder: string
}

const keys = new KeyWrapping()
const reporter = { emit: () => undefined }
const say = (text: string) => process.stdout.write(`${text}\n`)

async function secondsOf(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

function sh({ address, programs, folder }: Bench, line: string): void {
  const env = {
    ...clientEnvironment(address),
    PATH: `${programs}:${process.env['PATH']}`,
    FILE: join(folder, 'backup.sql.gz'),
  }
  const { status, stderr } = spawnSync('sh', ['-c', line], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0) throw new Error(`'${line}' ended with ${status}: ${stderr.slice(-500)}`)
}

const backup = ({ folder }: Bench, source: BackupSource) =>
  takeBackup({
    source,
    store: new FolderBackups(join(folder, 'sealed')),
    keys,
    clock: systemClock,
    reporter,
    newId: randomUUID,
  })

/** The same without what makes it provable. */
const unproven = (source: BackupSource): BackupSource => ({
  held: (work) => source.held((state) => work({ ...state, fingerprint: async () => NOTHING })),
})

const NOTHING: DatabaseFingerprint = {
  origin: {
    form: 0,
    serverVersion: '',
    database: '',
    replays: false,
    position: '',
    takenAt: new Date(0).toISOString(),
  },
  tables: [],
  unread: [],
  sequences: [],
  catalog: {},
}

async function round(bench: Bench): Promise<Round> {
  const { address, server, programs, folder } = bench
  const source = new PostgresBackupSource({
    address,
    client: { folder: programs, version: '18' },
    fingerprint: reading(),
    readers: pace().readers,
  })
  const settle = () => onServer(server, (client) => client.query('checkpoint'))
  const fresh = async () => {
    await onServer(server, async (client) => {
      await client.query('drop database if exists by_procedure')
      await client.query('create database by_procedure template template0')
    })
    await settle()
  }
  await settle()
  const gzip = await secondsOf(() => sh(bench, 'pg_dump | gzip > "$FILE"'))
  const sealed = await secondsOf(() => backup(bench, unproven(source)))
  let name = ''
  let sealedBytes = 0
  const proven = await secondsOf(async () => {
    const taken = await backup(bench, source)
    name = taken.name
    sealedBytes = storedBytes(taken.facts)
  })
  await fresh()
  const psql = await secondsOf(() => sh(bench, 'gunzip -c "$FILE" | psql dbname=by_procedure'))
  await fresh()
  const target = new NewDatabase({
    server,
    database: 'neonpro_verify_bench',
    client: programs,
    roles: 'require',
    fingerprint: fingerprintAt,
  })
  const restored = await secondsOf(async () => {
    const proof = await proveBackup(
      { store: new FolderBackups(join(folder, 'sealed')), keys: [keys], target, clock: systemClock, reporter },
      name,
      { age: { skewSeconds: 300 } },
    )
    if (proof.verdict !== 'pass') throw new Error(`the backup was not proved: ${JSON.stringify(proof.checks)}`)
  })
  await target.remove()
  const { size: gzipBytes } = await stat(join(folder, 'backup.sql.gz'))
  await rm(join(folder, 'sealed'), { recursive: true })
  return { gzip, sealed, proven, psql, restored, gzipBytes, sealedBytes }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { gigabytes: { type: 'string', default: '1' }, runs: { type: 'string', default: '3' } },
  })
  const programs = await fetchClient()
  const server = await throwawayServer('postgres', SETTINGS)
  const folder = await mkdtemp(join(tmpdir(), 'bench-backup-'))
  try {
    const address = { ...server.address, database: 'source' }
    await onServer(server.address, (client) => client.query('create database source template template0'))
    const bytes = await onServer(address, async (client) => {
      await client.query(SCHEMA(Math.round(Number(values.gigabytes) * ROWS_A_GIGABYTE)))
      await client.query('vacuum analyze')
      return Number(
        (await client.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes')).rows[0]!.bytes,
      )
    })
    say(`database of ${(bytes / 1e9).toFixed(2)} GB`)
    const rounds: Round[] = []
    for (let n = 1; n <= Number(values.runs); n++) {
      const one = await round({ server: server.address, address, programs, folder })
      rounds.push(one)
      process.stderr.write(
        `run ${n}: pg_dump | gzip ${one.gzip.toFixed(1)} s, sealed ${one.sealed.toFixed(1)} s, with fingerprint ${one.proven.toFixed(1)} s; gunzip | psql ${one.psql.toFixed(1)} s, restored and compared ${one.restored.toFixed(1)} s\n`,
      )
    }
    const ratio = (of: (one: Round) => number) => median(rounds.map(of))!
    const found = {
      sealed: ratio(({ gzip, sealed }) => gzip / sealed),
      proven: ratio(({ gzip, proven }) => gzip / proven),
      restored: ratio(({ psql, restored }) => psql / restored),
    }
    const size = ratio(({ gzipBytes, sealedBytes }) => sealedBytes / gzipBytes)
    say(`sealed backup: ${found.sealed.toFixed(2)} times as fast as pg_dump | gzip (limit ${LIMITS.sealed})`)
    say(`with the fingerprint: ${found.proven.toFixed(2)} times (limit ${LIMITS.proven})`)
    say(`size: ${size.toFixed(2)} of gzip's (limit below 1)`)
    say(`restored and compared: ${found.restored.toFixed(2)} times as fast as gunzip | psql (limit ${LIMITS.restored})`)
    const kept = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).every((of) => found[of] >= LIMITS[of])
    process.exitCode = kept && size < 1 ? 0 : 1
  } finally {
    await server.remove()
    await rm(folder, { recursive: true })
  }
}

void main()
