import { randomBytes } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { clientEnvironment, openSession } from '../../adapters/postgres/database-url'
import type { Ground } from './ground'

/** The procedure's backup and restore as it is written (`pg_dump "$DATABASE_URL" | gzip`, `gunzip -c | psql`), in a shell. */
export interface Procedure {
  /** Runs a line with `$FILE` the backup, `$TARGET` an empty database, and the client programs; gives its exit code. */
  sh(line: string, environment?: Readonly<Record<string, string>>): number
  readonly BACKUP: string
  readonly RESTORE: string
  /** Whether the target holds rows and constraints of the original. */
  kept(): Promise<boolean>
}

export async function byProcedure({ address, owner, folder, programs }: Ground): Promise<Procedure> {
  const target = `procedure_${randomBytes(6).toString('hex')}`
  await owner.query(`create database ${target} template template0`)
  const env = {
    ...clientEnvironment(address),
    PATH: `${programs}:${process.env['PATH']}`,
    FILE: join(folder, `${target}.sql.gz`),
    TARGET: target,
  }
  const ROWS = `select md5(string_agg(v::text, ',' order by id)) || ' ' || (select count(*) from matrix.invoices) || ' ' ||
    (select count(*) from pg_constraint where connamespace = 'matrix'::regnamespace) as rows from matrix.visits v`
  return {
    sh: (line, more) => spawnSync('sh', ['-c', line], { env: { ...env, ...more }, stdio: 'ignore' }).status ?? -1,
    BACKUP: 'pg_dump | gzip > "$FILE"',
    RESTORE: 'gunzip -c "$FILE" | psql "dbname=$TARGET"',
    kept: async () => {
      const copy = await openSession({ ...address, database: target }, 5000)
      try {
        const [was, is] = await Promise.all([owner, copy].map((client) => client.query<{ rows: string }>(ROWS)))
        return was!.rows[0]!.rows === is!.rows[0]!.rows
      } catch {
        return false
      } finally {
        await copy.end()
      }
    },
  }
}

interface ProcedureFault {
  readonly fault: string
  /** The same fault in our matrix, where its name is another one. */
  readonly ours?: string
  readonly run: (by: Procedure) => Promise<{ readonly exitCode: number; readonly kept: boolean }>
}

/** The backup, something that happens to it, the restore: the exit code of the last of the two that ran. */
const between =
  (spoil: string) =>
  async ({ sh, BACKUP, RESTORE, kept }: Procedure) => {
    if (sh(BACKUP) !== 0) throw new Error('the backup itself failed')
    if (sh(spoil) !== 0) throw new Error('the fault could not be injected')
    return { exitCode: sh(RESTORE), kept: await kept() }
  }

const whileDumping =
  (line: string, more?: Readonly<Record<string, string>>) =>
  async ({ sh, RESTORE, kept }: Procedure) => {
    const exitCode = sh(line, more)
    sh(RESTORE)
    return { exitCode, kept: await kept() }
  }

const INSTEAD = 'mv "$FILE.new" "$FILE"'
/** The rows of postgres-facts 4.5: faults of the files first, then of the dump. */
export const PROCEDURE_FAULTS: readonly ProcedureFault[] = [
  { fault: 'truncated at half', run: between('truncate -s $(($(stat -c %s "$FILE") / 2)) "$FILE"') },
  { fault: 'one byte flipped', run: between(`printf '\\377' | dd of="$FILE" bs=1 seek=3000 conv=notrunc`) },
  { fault: 'empty file', run: between('truncate -s 0 "$FILE"') },
  {
    fault: "dump cut, then gzip'd again",
    ours: 'dump cut, and sealed as if it were whole',
    run: between(`gunzip -c "$FILE" | head -c 20000 | gzip > "$FILE.new"; ${INSTEAD}`),
  },
  {
    fault: 'one row changed',
    run: between(`gunzip -c "$FILE" | sed 's/Patient 77/Patient 78/' | gzip > "$FILE.new"; ${INSTEAD}`),
  },
  {
    fault: 'one row removed',
    run: between(`gunzip -c "$FILE" | sed '/Patient 77/d' | gzip > "$FILE.new"; ${INSTEAD}`),
  },
  {
    fault: 'one bad value',
    run: between(`gunzip -c "$FILE" | sed 's/1990-01-02/1990-13-02/' | gzip > "$FILE.new"; ${INSTEAD}`),
  },
  {
    fault: 'restore into a database that is not empty',
    ours: 'restored into a dirty target',
    run: between(`psql "dbname=$TARGET" -c 'create schema matrix; create table matrix.visits (id bigint primary key)'`),
  },
  {
    fault: 'dump: database missing',
    ours: 'database missing',
    run: whileDumping('pg_dump dbname=nowhere | gzip > "$FILE"'),
  },
  {
    fault: 'dump: role lacks SELECT',
    ours: 'role lacks SELECT',
    run: whileDumping('pg_dump | gzip > "$FILE"', { PGOPTIONS: '-c role=visitor' }),
  },
  {
    fault: 'dump: backend terminated half way',
    run: whileDumping(
      `pg_dump | { head -c 20000; psql -qc "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pg_dump'" >/dev/null; cat; } | gzip > "$FILE"`,
    ),
  },
]
