import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Client } from 'pg'
import { issueCertificates } from '../adapters/local/certificates'
import { Instance } from '../adapters/local/instance'
import { freePort } from '../adapters/local/loopback'
import { postgresBinaries } from '../adapters/local/postgres-binaries'
import { postgresClient } from '../adapters/local/postgres-client'
import { databaseUser, newWorldFolder, ownedFolder, removeWorld } from '../adapters/local/scratch'
import { clientEnvironment, openSession, type DatabaseAddress } from '../adapters/postgres/database-url'
import { fingerprintDatabase, type FingerprintOptions } from '../adapters/postgres/fingerprint/database'
import { median } from '../core/measurement'
import { resolvePolicy } from '../policy'

/** Most that a fingerprint of a whole database may take, as a multiple of `pg_dump >/dev/null` of the same one. */
const LIMIT = 0.7
const GIGABYTE = 1e9
const SUPERUSER = { user: 'postgres', password: 'bench-only' }
const CONNECT_MS = 20_000

/**
 * Two tables of equal size as a clinic has them: narrow rows of whole numbers and fixed text, and wide ones of UUIDs, amounts,
 * documents and notes. Sizes are measured, these are what makes about a gigabyte.
 */
const ROWS_A_GIGABYTE = { narrow: 7_400_000, wide: 3_100_000 }
const TABLES = (gigabytes: number): readonly string[] => [
  `create table narrow (id integer primary key, branch integer, balance integer, filler char(84))`,
  `insert into narrow select n, 1 + n % 100, n % 1000, 'synthetic' from generate_series(1, ${Math.round(ROWS_A_GIGABYTE.narrow * gigabytes)}) n`,
  `create table wide (id bigint primary key, code uuid, at timestamptz, amount numeric(12, 2), document jsonb, note text)`,
  `insert into wide select n, md5(n::text)::uuid, timestamptz '2026-01-01' + n * interval '1 second', n % 100000 / 100.0,
     jsonb_build_object('kind', 'synthetic', 'n', n, 'tags', array[n % 7, n % 11]), repeat(md5(n::text), 4)
   from generate_series(1, ${Math.round(ROWS_A_GIGABYTE.wide * gigabytes)}) n`,
  'vacuum analyze',
]

const say = (text: string) => process.stdout.write(`${text}\n`)

/** A server of its own, reached by both without TLS, which would cost the program with the longer stream more. */
async function withServer<T>(work: (address: DatabaseAddress) => Promise<T>): Promise<T> {
  const folder = await newWorldFolder()
  try {
    const user = databaseUser()
    const region = join(folder, 'region')
    await mkdir(region)
    await chmod(region, 0o711)
    const { authority, servers } = await issueCertificates(['localhost'])
    const endpoint = { name: 'localhost', host: '127.0.0.1', port: await freePort(), database: 'postgres', authority }
    const instance = new Instance({
      name: 'bench',
      folder: region,
      endpoint,
      certificate: servers[0]!,
      archive: await ownedFolder(join(folder, 'archive'), user),
      binaries: await postgresBinaries(),
      user,
      settings: {
        archive_mode: 'off',
        wal_level: 'minimal',
        max_wal_senders: '0',
        max_wal_size: "'4GB'",
        shared_buffers: "'512MB'",
      },
    })
    await instance.initialize(SUPERUSER)
    await instance.start(SUPERUSER)
    await appendFile(join(instance.data, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n')
    await instance.signal('SIGHUP')
    return await work({ host: '127.0.0.1', port: endpoint.port, database: 'postgres', login: SUPERUSER })
  } finally {
    await removeWorld(folder)
    await rm(folder, { recursive: true, force: true })
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

async function dump(program: string, address: DatabaseAddress): Promise<void> {
  const child = spawn(program, ['--no-password'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: clientEnvironment(address),
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`pg_dump ended with ${code}`)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      gigabytes: { type: 'string', default: '1.5' },
      runs: { type: 'string', default: '3' },
      'pg-bin': { type: 'string' },
    },
  })
  const { fingerprint: policy } = resolvePolicy('production')
  const { folder } = await postgresClient(18, values['pg-bin'])
  const ratios = await withServer(async (address) => {
    const sessions: Client[] = []
    for (let count = 0; count <= policy.readers; count++) sessions.push(await openSession(address, CONNECT_MS))
    const [owner] = sessions
    for (const statement of TABLES(Number(values.gigabytes) / 2)) await owner!.query(statement)
    const { rows } = await owner!.query<{ bytes: string }>(
      `select (pg_table_size('narrow') + pg_table_size('wide'))::text as bytes`,
    )
    const megabytes = Number(rows[0]!.bytes) / 1e6
    say(`${((megabytes * 1e6) / GIGABYTE).toFixed(2)} GB of rows, without indexes`)
    const options: FingerprintOptions = {
      lockWaitMs: policy.lockWaitSeconds * 1000,
      pace: { megabytesPerSecond: policy.pace.megabytesPerSecond, pieceSecondsAtMost: PIECE_SECONDS },
    }
    // Both read the same pages from memory from here on.
    await dump(join(folder, 'pg_dump'), address)
    const found: number[] = []
    for (let run = 1; run <= Number(values.runs); run++) {
      // Before and after, so that a machine that gets busier does not speak for either.
      const before = await secondsOf(() => dump(join(folder, 'pg_dump'), address))
      const hashed = await secondsOf(() => fingerprintDatabase(sessions, options))
      const after = await secondsOf(() => dump(join(folder, 'pg_dump'), address))
      const ratio = hashed / ((before + after) / 2)
      found.push(ratio)
      say(
        `run ${run}: pg_dump ${before.toFixed(2)} s and ${after.toFixed(2)} s, fingerprint ${hashed.toFixed(2)} s, ${(megabytes / hashed / policy.readers).toFixed(0)} MB/s a reader, ratio ${ratio.toFixed(2)}`,
      )
    }
    await Promise.all(sessions.map((session) => session.end()))
    return found
  })
  const ratio = median(ratios)!
  say(`median ratio ${ratio.toFixed(2)} (limit ${LIMIT})`)
  process.exitCode = ratio <= LIMIT ? 0 : 1
}

/** Short pieces keep every reader busy up to the end. */
const PIECE_SECONDS = 1

void main()
