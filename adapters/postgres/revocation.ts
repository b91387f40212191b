import type { Client } from 'pg'
import type { Revocation } from '../../core/ports/containment'
import { notOfPlatform } from '../../core/policy/platform-roles'
import { granted } from './fence-role'
import { FENCE_ROLE } from './guard-schema'

/** Sessions of clients and of replication that are not the fence role's. */
export const OTHERS = `a.backend_type in ('client backend', 'walsender') and a.usename is distinct from '${FENCE_ROLE}' and ${notOfPlatform('a.usename')}`

/** What a revocation came to, and which roles are beyond the session's own rights. */
export interface DatabaseRevocation extends Revocation {
  readonly beyond: readonly string[]
}

/**
 * Takes login and password from every role but the fence role, and ends every session. A role that was closed by a fence is
 * opened again by the one who holds the right to write; without a password, and with no connection to its name, that lets
 * nobody in: a token of IAM needs no password. Repeatable.
 */
export async function revokeCredentials(client: Client): Promise<DatabaseRevocation> {
  const { rows } = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname <> '${FENCE_ROLE}' and rolname !~ '^pg_' and ${notOfPlatform('rolname')}
       and (rolcanlogin or rolname in (select name from recovery_guard.closed_login)) order by 1`,
  )
  const beyond: string[] = []
  for (const { name } of rows) {
    const role = client.escapeIdentifier(name)
    const revoked = `alter role ${role} nologin password null valid until '-infinity' connection limit 0`
    if (!(await granted(client, revoked))) beyond.push(name)
  }
  return { roles: rows.map(({ name }) => name), sessionsEnded: await endOthers(client), beyond }
}

/** Ends the sessions of everybody but the fence role; gives how many. */
export async function endOthers(client: Client): Promise<number> {
  const { rows } = await client.query<{ ended: number }>(
    `select count(pg_terminate_backend(a.pid))::integer as ended from pg_stat_activity a where ${OTHERS}`,
  )
  return rows[0]!.ended
}
