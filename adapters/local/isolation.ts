import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { PortError } from '../../core/ports/errors'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { endOthers, OTHERS } from '../postgres/revocation'
import { closedToAllBut } from './host-access'

/** Longest wait for the server to read its host access again, and for sessions to end. */
const SETTLES_WITHIN_MS = 10_000

/**
 * Lets nobody but the fence role connect any more, by the host access file, and ends what is connected, replication included:
 * what a security group of its own does in AWS. Gives how many connections were ended.
 */
export async function isolateServer(client: Client): Promise<number> {
  const { rows } = await client.query<{ file: string; read: string }>(
    `select current_setting('hba_file') as file, pg_conf_load_time()::text as read`,
  )
  const { file, read } = rows[0]!
  await writeFile(file, closedToAllBut(FENCE_ROLE))
  await client.query('select pg_reload_conf()')
  // The server reads its files before it tells its sessions to, so that nobody comes in once this one has.
  await until('the host access was not read again', () =>
    holds(client, `select pg_conf_load_time() > $1::timestamptz as holds`, [read]),
  )
  const ended = await endOthers(client)
  await until('a connection did not end', () =>
    holds(client, `select not exists (select from pg_stat_activity a where ${OTHERS}) as holds`),
  )
  return ended
}

const holds = async (client: Client, query: string, values: readonly string[] = []): Promise<boolean> =>
  (await client.query<{ holds: boolean }>(query, [...values])).rows[0]!.holds

async function until(otherwise: string, condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + SETTLES_WITHIN_MS; !(await condition()); await sleep(20))
    if (performance.now() > deadline) throw new PortError('conflict', 'PATH_OPEN', otherwise)
}
