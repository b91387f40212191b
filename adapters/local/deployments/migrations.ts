import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import type { SetAside } from '../../../core/ports/deployments'
import type { DeployedPlace } from './place'

/** Opens a session of the owner of the schema with the database that is served. */
export type OwnerSession = <T>(work: (client: Client) => Promise<T>) => Promise<T>

interface Migration {
  readonly level: number
  readonly name: string
  readonly hasWayBack: boolean
}

/** Levels of the schema and the requests that moved them, written in the transaction that moves them. */
const LEDGER = `
create schema if not exists neonpro_migrations;
create table if not exists neonpro_migrations.applied (level integer primary key, name text not null, applied_at timestamptz not null default clock_timestamp());
create table if not exists neonpro_migrations.request (key text primary key, level integer not null, moved boolean not null default false, done_at timestamptz not null default clock_timestamp());
-- What a way back had no place for, as its own SQL counted it: it names the request by current_setting('neonpro.request').
create table if not exists neonpro_migrations.set_aside (key text not null, table_name text not null, rows bigint not null, how text not null check (how in ('kept', 'listed')), place text not null, primary key (key, table_name));
`
/** Any number that nothing else locks by; two movers go one after the other. */
const LOCK = 727_272_001
/** A table that is in use for longer is tried again later, instead of holding up everybody who comes after. */
const LOCK_WAIT = '2s'

const FOLDER = /^(\d{4})-[a-z0-9-]+$/

/** The schema of the database, moved by the platform's own files of SQL, all levels of one request in one transaction. */
export function migrationsPlace(folder: string, owner: OwnerSession): DeployedPlace {
  const known = () => migrationsIn(folder)
  return {
    inForce: () => owner(async (client) => ((await isPrepared(client)) ? String(await levelOf(client)) : undefined)),
    obstacle: async (to) => {
      const target = Number(to)
      const all = await known()
      if (!Number.isInteger(target) || (target !== 0 && !all.some(({ level }) => level === target)))
        return { code: 'VERSION_GONE', what: to }
      const now = await owner(levelOf)
      const oneWay = all.find(({ level, hasWayBack }) => level > target && level <= now && !hasWayBack)
      return oneWay && { code: 'IRREVERSIBLE', what: oneWay.name }
    },
    isDone: (key) =>
      owner(async (client) => {
        if (!(await isPrepared(client))) return false
        const { rowCount } = await client.query('select from neonpro_migrations.request where key = $1', [key])
        return rowCount === 1
      }),
    putInForce: async (to, key) => {
      const all = await known()
      await owner((client) => move(client, folder, all, Number(to), key))
    },
    setAside: (key) => owner((client) => setAsideBy(client, key)),
    serves: () =>
      owner(levelOf).then(
        () => true,
        () => false,
      ),
  }
}

async function move(
  client: Client,
  folder: string,
  all: readonly Migration[],
  target: number,
  key: string,
): Promise<void> {
  await client.query('begin')
  try {
    await client.query(`set local lock_timeout = '${LOCK_WAIT}'`)
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    await client.query(LEDGER)
    await client.query(`select set_config('neonpro.request', $1, true)`, [key])
    const { rowCount } = await client.query(
      'insert into neonpro_migrations.request (key, level) values ($1, $2) on conflict do nothing',
      [key, target],
    )
    if (rowCount === 1 && (await walk(client, folder, all, target)))
      await client.query('update neonpro_migrations.request set moved = true where key = $1', [key])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** One level after the other, each with its line of the ledger. False where it stood there already. */
async function walk(client: Client, folder: string, all: readonly Migration[], target: number): Promise<boolean> {
  const now = await levelOf(client)
  for (const { level, name } of all.filter((migration) => migration.level > now && migration.level <= target)) {
    await client.query(await readFile(join(folder, name, UP), 'utf8'))
    await client.query('insert into neonpro_migrations.applied (level, name) values ($1, $2)', [level, name])
  }
  for (const { level, name } of all
    .toReversed()
    .filter((migration) => migration.level <= now && migration.level > target)) {
    await client.query(await readFile(join(folder, name, DOWN), 'utf8'))
    await client.query('delete from neonpro_migrations.applied where level = $1', [level])
  }
  return now !== target
}

const UP = 'up.sql'
const DOWN = 'down.sql'

async function levelOf(client: Client): Promise<number> {
  if (!(await isPrepared(client))) return 0
  const { rows } = await client.query<{ level: number }>(
    'select coalesce(max(level), 0) as level from neonpro_migrations.applied',
  )
  return rows[0]!.level
}

async function isPrepared(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('neonpro_migrations.request') is not null as there`,
  )
  return rows[0]!.there
}

async function setAsideBy(client: Client, key: string): Promise<SetAside[]> {
  if (!(await isPrepared(client))) return []
  const { rows } = await client.query<Omit<SetAside, 'rows'> & { readonly rows: string }>(
    'select table_name as "table", rows, how, place as "where" from neonpro_migrations.set_aside where key = $1 and rows > 0 order by 1',
    [key],
  )
  return rows.map(({ table, rows: count, how, where }) => ({ table, rows: Number(count), how, where }))
}

/** Migrations that the platform was given, lowest level first. */
async function migrationsIn(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => FOLDER.test(name)).toSorted()
  return Promise.all(
    names.map(async (name) => ({
      level: Number(FOLDER.exec(name)![1]),
      name,
      hasWayBack: await access(join(folder, name, DOWN)).then(
        () => true,
        () => false,
      ),
    })),
  )
}
