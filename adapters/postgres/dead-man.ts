import type { Client } from 'pg'

/** Name of the job that pg_cron runs; scheduling it again replaces it. */
const JOB = 'recovery-dead-man'
/** Seconds between two looks; pg_cron takes 1 to 59 (its README, "interval schedule"). */
const EVERY = '30 seconds'

/**
 * Lets the database close its own logins once nobody has renewed the lease for longer than the grace: the guard itself
 * may have died. Gives `missing` where this server or database cannot run such a job.
 */
export async function scheduleDeadMan(client: Client, graceSeconds: number): Promise<'scheduled' | 'missing'> {
  const { rows } = await client.query<{ able: boolean }>(
    `select exists (select from pg_available_extensions where name = 'pg_cron')
       and coalesce(current_setting('cron.database_name', true), '') = current_database() as able`,
  )
  if (!rows[0]?.able) return 'missing'
  await client.query('create extension if not exists pg_cron')
  await client.query('select cron.schedule($1, $2, $3)', [
    JOB,
    EVERY,
    `select recovery_guard.close_if_stale(interval '${graceSeconds} seconds')`,
  ])
  return 'scheduled'
}
