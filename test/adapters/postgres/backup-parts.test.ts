import { randomUUID } from 'node:crypto'
import { systemClock } from '../../../adapters/local/clock'
import { KeyWrapping } from '../../../adapters/local/key-wrapping'
import { fetchClient } from '../../../adapters/local/postgres-client-package'
import { throwawayServer, type ThrowawayServer } from '../../../adapters/local/throwaway-server'
import { MemoryBackups } from '../../../adapters/memory/backups'
import { PostgresBackupSource } from '../../../adapters/postgres/backup-source'
import { onServer } from '../../../adapters/postgres/database-names'
import { NewDatabase } from '../../../adapters/postgres/new-database'
import { fingerprintAt, reading } from '../../../cli/backup-session'
import { BACKUP_CHECKS } from '../../../core/backup/checks'
import { proveBackup } from '../../../core/backup/prove-backup'
import { takeBackup } from '../../../core/backup/take-backup'

const filler = `repeat(md5(n::text), 4)`

/** What a dump in several parts could lose, take twice or load in the wrong order. */
const SCHEMA = `
  create schema "Größe $1.*";
  -- Names that mean something else in a pattern, and that are another name in small letters.
  create table "Größe $1.*"."tab?le ""x""" as select n as "Schlüssel", ${filler} as text from generate_series(1, 3000) n;
  create table public.visits (id bigint generated always as identity primary key, text text not null, length int generated always as (length(text)) stored);
  create table public."Visits" (id serial primary key, text text);
  insert into public.visits (text) select ${filler} from generate_series(1, 3000) n;
  insert into public."Visits" (text) select ${filler} from generate_series(1, 3000) n;
  select setval('public."Visits_id_seq"', 77777);
  -- Each names rows of the other, so that there is no order in which one could come first.
  create table public.chart (id int primary key, visit bigint references visits, text text);
  insert into public.chart select n, n, ${filler} from generate_series(1, 3000) n;
  alter table public.visits add chart int references chart;
  update public.visits set chart = id;
  create table public.parted (id int, region text, text text) partition by list (region);
  create table public.parted_br partition of public.parted for values in ('br');
  create table public.parted_rest partition of public.parted default;
  insert into public.parted select n, case when n % 3 = 0 then 'us' else 'br' end, ${filler} from generate_series(1, 6000) n;
  create table public.parent (id int, text text);
  create table public.child (more text) inherits (public.parent);
  insert into public.parent select n, ${filler} from generate_series(1, 2000) n;
  insert into public.child select n, ${filler}, 'more' from generate_series(1, 2000) n;
  create unlogged table public.fleeting as select n, ${filler} as text from generate_series(1, 2000) n;
  create table public.empty (id int);
  -- Filled again after everything, from rows of two parts.
  create materialized view public.longest as select v.id, c.text from visits v join chart c on c.visit = v.id where v.id > 10;
  create unique index on public.longest (id);
  create function public.refuse() returns trigger language plpgsql as $$begin raise exception 'no more'; end$$;
  create trigger refused before insert on public.visits for each row execute function public.refuse();
  create rule nowhere as on insert to public."Visits" do instead nothing;
  create role reader;
  grant select (id) on public.visits to reader;
  select lo_from_bytea(4711, '\\x00112233');
  grant select on large object 4711 to reader;
  comment on large object 4711 is 'a scan';
  alter table public.chart enable row level security;
  create policy none on public.chart using (false);
`

let server: ThrowawayServer
beforeAll(async () => {
  server = await throwawayServer('postgres')
  await onServer(server.address, (client) => client.query('create database source template template0'))
  await onServer({ ...server.address, database: 'source' }, (client) => client.query(SCHEMA))
}, 60_000)
afterAll(() => server?.remove())

/** Takes a backup of a database of the server, proves it, and gives the names of its parts of rows. */
async function proved(database: string, readers: number, by = server.address.login): Promise<readonly string[]> {
  const programs = await fetchClient()
  const [store, keys, reporter] = [new MemoryBackups(), new KeyWrapping(), { emit: () => undefined }]
  const source = new PostgresBackupSource({
    address: { ...server.address, database },
    client: { folder: programs, version: '18' },
    fingerprint: reading(),
    readers,
    tableBytesAtLeast: 8192,
  })
  const taken = await takeBackup({ source, store, keys, clock: systemClock, reporter, newId: randomUUID })
  const target = new NewDatabase({
    server: { ...server.address, login: by },
    database: 'neonpro_verify_parts',
    client: programs,
    roles: 'require',
    fingerprint: fingerprintAt,
  })
  const world = { store, keys: [keys], target, clock: systemClock, reporter }
  const proof = await proveBackup(world, taken.name, { age: { skewSeconds: 60 } })
  await target.remove()
  expect(proof.checks).toEqual(BACKUP_CHECKS.map((check) => ({ check, verdict: 'pass' })))
  return taken.facts.rows.map(({ name }) => name)
}

it.each([
  ['one part of rows', 1, 1],
  ['three, with tables of every kind in each', 3, 3],
  ['as many as there are tables', 50, 9],
])(
  'restores the whole database from %s',
  async (_what, readers, count) => {
    const parts = await proved('source', readers)
    expect(parts).toEqual(Array.from({ length: count }, (_, at) => `rows-${at + 1}`))
  },
  60_000,
)

it.each([
  [
    'a check that reads another table',
    'UTF8',
    `create table known (id int); insert into known select generate_series(1, 3000);
     create function is_known(int) returns boolean language sql as 'select exists (select from public.known where id = $1)';
     create table visits (known int check (is_known(known))); insert into visits select generate_series(1, 3000)`,
  ],
  [
    'a name that another encoding writes in other bytes',
    'LATIN1',
    `create table "Größe" as select n from generate_series(1, 3000) n; create table b as select n from generate_series(1, 9000) n`,
  ],
])('keeps together what has %s', async (_what, encoding, schema) => {
  const database = `together_${encoding.toLowerCase()}`
  await onServer(server.address, (client) =>
    client.query(`create database ${database} template template0 encoding '${encoding}' locale 'C'`),
  )
  await onServer({ ...server.address, database }, (client) => client.query(schema))
  expect(await proved(database, 3)).toHaveLength(encoding === 'UTF8' ? 1 : 2)
})

it('restores as a role that is no superuser what its owner may not write any more', async () => {
  const login = { user: 'restorer', password: 'of this test' }
  await onServer(server.address, async (client) => {
    await client.query('create role keeper')
    await client.query(`create role restorer login createdb password '${login.password}'`)
    await client.query('grant keeper to restorer')
    await client.query('create database audited owner keeper template template0')
  })
  await onServer({ ...server.address, database: 'audited' }, (client) =>
    client.query(`
      create table audit (id int); alter table audit owner to keeper;
      insert into audit select generate_series(1, 3000);
      revoke insert, update, delete, truncate on audit from keeper`),
  )
  expect(await proved('audited', 3, login)).toHaveLength(1)
})
