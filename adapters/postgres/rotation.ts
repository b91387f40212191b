import type { Client } from 'pg'
import { notOfPlatform } from '../../core/policy/platform-roles'
import { asPortError, connect, destroy, sqlState, type Endpoint, type Login } from './connect'
import { FENCE_ROLE } from './guard-schema'
import { fitsVerifier, scramVerifier } from './scram'

/** Roles whose passwords are rotated: whoever may log in or will again, but the fence role and what RDS keeps. */
export async function rolesToRotate(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname <> '${FENCE_ROLE}' and rolname !~ '^pg_' and ${notOfPlatform('rolname')}
       and (rolcanlogin or rolname in (select name from recovery_guard.closed_login where opened_at is null)) order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** Sets the passwords, all or none; whether a role may log in stays as it is. */
export async function setPasswords(client: Client, passwords: ReadonlyMap<string, string>): Promise<void> {
  await client.query('begin')
  for (const [role, password] of passwords)
    await client.query(
      `alter role ${client.escapeIdentifier(role)} password ${client.escapeLiteral(scramVerifier(password))} valid until 'infinity'`,
    )
  await client.query('commit')
}

/** What a server says to a login. */
export interface LoginAnswer {
  /** Undefined where it let the login in. */
  readonly state?: string
  readonly sentence: string
}

/** A password is wrong. The server judges it before it looks whether the role may log in at all. */
export const WRONG_PASSWORD = '28P01'
/** Turned away for any other reason, with or without a look at the password. */
export const NOT_ADMITTED = '28000'

/** Tries a login and gives the server's own answer. Throws where none answered, or one that is starting: that proves nothing. */
export async function tryLogin(
  endpoint: Endpoint,
  login: Login,
  deadlineMs: number,
  kind: 'ordinary' | 'replication' = 'ordinary',
): Promise<LoginAnswer> {
  try {
    destroy(await connect(endpoint, login, deadlineMs, kind))
    return { sentence: '' }
  } catch (error) {
    const state = sqlState(error)
    if (state === undefined || state.startsWith('57P')) throw asPortError(error, endpoint.name)
    return { state, sentence: error instanceof Error ? error.message : '' }
  }
}

/** Whether the server would take the password of the role, by what it keeps of it. The session's role is a superuser. */
export async function takesPassword(client: Client, { user, password }: Login): Promise<boolean> {
  const { rows } = await client.query<{ kept: string | null }>(
    'select rolpassword as kept from pg_authid where rolname = $1',
    [user],
  )
  const kept = rows[0]?.kept
  return kept !== null && kept !== undefined && fitsVerifier(password, kept)
}
