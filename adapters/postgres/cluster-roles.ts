import type { Client } from 'pg'
import type { BackupRole, Membership, Setting } from '../../core/ports/backup-source'
import { named } from './database-properties'

/** Roles that every server brings along. */
const OWN = `rolname !~ '^pg_'`

const ATTRIBUTES = {
  rolsuper: 'SUPERUSER',
  rolinherit: 'INHERIT',
  rolcreaterole: 'CREATEROLE',
  rolcreatedb: 'CREATEDB',
  rolcanlogin: 'LOGIN',
  rolreplication: 'REPLICATION',
  rolbypassrls: 'BYPASSRLS',
} as const

type Attribute = keyof typeof ATTRIBUTES

/** All roles of the cluster, without their passwords, which only a superuser may read and nobody should keep. */
export async function clusterRoles(client: Client): Promise<BackupRole[]> {
  const { rows } = await client.query<
    Record<Attribute, boolean> & { name: string; limit: number; until: string | null }
  >(
    `select rolname as name, ${Object.keys(ATTRIBUTES).join(', ')}, rolconnlimit as limit, rolvaliduntil::text as until
     from pg_roles where ${OWN} order by 1`,
  )
  const memberships = await membershipsIn(client)
  const settings = await settingsIn(client)
  return rows.map((row) => ({
    name: row.name,
    attributes: (Object.keys(ATTRIBUTES) as Attribute[]).map((of) => `${row[of] ? '' : 'NO'}${ATTRIBUTES[of]}`),
    connectionLimit: row.limit,
    ...(row.until !== null && { validUntil: row.until }),
    memberOf: memberships.get(row.name) ?? [],
    settings: settings.get(row.name) ?? [],
  }))
}

async function membershipsIn(client: Client): Promise<Map<string, Membership[]>> {
  const { rows } = await client.query<
    Record<'member' | 'role', string> & Record<'admin' | 'inherit' | 'set', boolean | null>
  >(
    `select pg_get_userbyid(member) as member, pg_get_userbyid(roleid) as role, admin_option as admin,
       (to_jsonb(m) ->> 'inherit_option')::boolean as inherit, (to_jsonb(m) ->> 'set_option')::boolean as set
     from pg_auth_members m order by 1, 2`,
  )
  const found = new Map<string, Membership[]>()
  for (const { member, role, admin, inherit, set } of rows) {
    // Those of servers before 16 have no choice of the other two.
    const choices = Object.entries({ ADMIN: admin, INHERIT: inherit, SET: set }).filter(([, chosen]) => chosen !== null)
    const options = choices.map(([option, chosen]) => `${option} ${chosen ? 'TRUE' : 'FALSE'}`)
    found.set(member, [...(found.get(member) ?? []), { role, options }])
  }
  return found
}

async function settingsIn(client: Client): Promise<Map<string, Setting[]>> {
  const { rows } = await client.query<{ role: string; name: string; value: string }>(
    `select pg_get_userbyid(setrole) as role, split_part(setting, '=', 1) as name, substr(setting, strpos(setting, '=') + 1) as value
     from pg_db_role_setting cross join unnest(setconfig) setting where setdatabase = 0 and setrole <> 0 order by 1, 2`,
  )
  const found = new Map<string, Setting[]>()
  for (const row of rows) found.set(row.role, [...(found.get(row.role) ?? []), named(row)])
  return found
}

/** Which of them the session's cluster lacks. */
export async function missingRoles(client: Client, roles: readonly BackupRole[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select rolname as name from pg_roles')
  const there = new Set(rows.map(({ name }) => name))
  return roles.map(({ name }) => name).filter((name) => !there.has(name))
}

/** Makes those that are missing as they were, without a password: nobody can log in with one before a person gives it. */
export async function makeRoles(client: Client, roles: readonly BackupRole[]): Promise<void> {
  const missing = new Set(await missingRoles(client, roles))
  const made = roles.filter(({ name }) => missing.has(name))
  for (const { name, attributes, connectionLimit, validUntil } of made) {
    const until = validUntil === undefined ? '' : ` valid until ${client.escapeLiteral(validUntil)}`
    await client.query(
      `create role ${client.escapeIdentifier(name)} ${attributes.join(' ')} connection limit ${connectionLimit}${until}`,
    )
  }
  for (const { name, memberOf, settings } of made) {
    for (const { role, options } of memberOf)
      await client.query(
        `grant ${client.escapeIdentifier(role)} to ${client.escapeIdentifier(name)}${options.length > 0 ? ` with ${options.join(', ')}` : ''}`,
      )
    for (const setting of settings)
      await client.query(settingStatement(client, `role ${client.escapeIdentifier(name)}`, setting))
  }
}

/** Settings that are lists of names, which must not become one name: those that `pg_dump` treats so too. */
const LISTS = new Set([
  'search_path',
  'temp_tablespaces',
  'session_preload_libraries',
  'shared_preload_libraries',
  'local_preload_libraries',
  'unix_socket_directories',
])

/** Gives a role or a database a setting to begin sessions with. */
export function settingStatement(client: Client, of: string, { name, value }: Setting): string {
  // Written in the catalog as it has to be written here.
  const written = LISTS.has(name) ? value || `''` : client.escapeLiteral(value)
  return `alter ${of} set ${name
    .split('.')
    .map((part) => client.escapeIdentifier(part))
    .join('.')} to ${written}`
}
