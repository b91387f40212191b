import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestDatabase } from './database'

/** What we use of pg_cron: jobs by name, one of a name; they are kept and not run. */
const SCRIPT = `
create table cron.job (jobname text primary key, schedule text not null, command text not null);
create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
  insert into cron.job values (job_name, schedule, command)
    on conflict (jobname) do update set schedule = excluded.schedule, command = excluded.command
    returning 1::bigint
$$;
grant usage on schema cron to owner;
grant all on cron.job to owner;
`
const CONTROL = `default_version = '1.6'
schema = cron
relocatable = false
trusted = true
`

/** Lets a server offer pg_cron, which no package brings for a laptop, by an extension of the same form in a folder of its own. Gives what removes that. */
export async function standInForCron(database: TestDatabase): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pg-cron-'))
  const extension = join(folder, 'extension')
  await mkdir(extension)
  await writeFile(join(extension, 'pg_cron.control'), CONTROL)
  await writeFile(join(extension, 'pg_cron--1.6.sql'), SCRIPT)
  for (const path of [folder, extension]) await chmod(path, 0o755)
  const superuser = await database.session('postgres')
  await superuser.query(`alter system set extension_control_path = '$system:${folder}'`)
  await superuser.query('select pg_reload_conf()')
  await superuser.query(`alter database postgres set cron.database_name = 'postgres'`)
  return () => rm(folder, { recursive: true })
}
