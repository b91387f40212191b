import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchClient } from '../../adapters/local/postgres-client-package'
import { openSession } from '../../adapters/postgres/database-url'
import { startDatabase, type TestDatabase } from '../adapters/postgres/database'

const ROOT = join(__dirname, '../..')
const [SMALL, LARGE] = [24, 240]
/** What another run of the same may hold more, by when the memory of a stream is given back; far below what grows with the data. */
const MOST_GROWTH = 1.25

let database: TestDatabase
let folder: string
beforeAll(async () => {
  await fetchClient()
  database = await startDatabase('localhost')
  folder = await mkdtemp(join(tmpdir(), 'backup-memory-'))
  await writeFile(join(folder, 'authorities.pem'), database.endpoint.authority)
}, 120_000)
afterAll(async () => {
  await database?.remove()
  await rm(folder, { recursive: true, force: true })
})

const addressOf = (name: string) => ({
  host: 'localhost',
  port: database.endpoint.port,
  database: name,
  login: database.login('postgres'),
  authorities: join(folder, 'authorities.pem'),
})
const urlOf = (name: string) => {
  const { port, login, authorities } = addressOf(name)
  return `postgres://${login.user}:${login.password}@localhost:${port}/${name}?sslrootcert=${authorities}`
}

/** A database of so many megabytes that nothing makes smaller: its blocks repeat beyond the reach of the compression. */
async function databaseOf(megabytes: number): Promise<string> {
  const name = `of_${megabytes}`
  await (await database.session('postgres')).query(`create database ${name}`)
  const client = await openSession(addressOf(name), 5000)
  await client.query(`create table blocks (id int primary key, block bytea not null);
    alter table blocks alter block set storage external`)
  await client.query(
    `insert into blocks select n, (select string_agg(uuid_send(gen_random_uuid()), '') from generate_series(1, 65536) m where n > 0)
     from generate_series(1, 8) n`,
  )
  await client.query(
    'insert into blocks select n, block from generate_series(9, $1) n join blocks b on b.id = 1 + n % 8',
    [megabytes],
  )
  await client.end()
  return name
}

/** A command as a process of its own: what a test runner holds is no part of it. */
async function peakOf(...args: readonly string[]): Promise<{ megabytes: number; out: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'with-peak.ts'), ...args], { cwd: ROOT })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)))
  const code = await new Promise((resolve) => void child.once('close', resolve))
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${err}${out}`)
  const { megabytes } = JSON.parse(err.trim().split('\n').at(-1)!) as { megabytes: number }
  return { megabytes, out }
}

it('takes, proves and restores a backup in memory that does not grow with the database', async () => {
  const key = join(folder, 'backups.key')
  await peakOf('backup', 'key', key)
  const peaks: Record<string, number[]> = { backup: [], verify: [], restore: [] }
  for (const megabytes of [SMALL, LARGE]) {
    const name = await databaseOf(megabytes)
    const place = join(folder, name)
    const taken = await peakOf('backup', urlOf(name), '--to', place, '--key', key, '--json')
    const { name: backup, bytes } = JSON.parse(taken.out) as { name: string; bytes: number }
    // Nothing made it smaller, or nothing would be shown.
    expect(bytes).toBeGreaterThan(megabytes * 0.95e6)
    const path = join(place, backup)
    const verified = await peakOf('verify', path, '--key', key, '--on', urlOf('postgres'), '--json')
    const restored = await peakOf(
      'restore',
      path,
      '--key',
      key,
      '--to',
      urlOf(`${name}_again`),
      '--without-ledger',
      'NO_PERSONAL_DATA',
      '--json',
    )
    peaks['backup']!.push(taken.megabytes)
    peaks['verify']!.push(verified.megabytes)
    peaks['restore']!.push(restored.megabytes)
  }
  process.stdout.write(`peak megabytes over ${SMALL} and ${LARGE} MB: ${JSON.stringify(peaks)}\n`)
  for (const [of, [small, large]] of Object.entries(peaks))
    expect({ of, grows: large! / small! > MOST_GROWTH }).toEqual({ of, grows: false })
}, 600_000)
