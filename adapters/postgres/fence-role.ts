import type { Client } from 'pg'
import { notOfPlatform } from '../../core/policy/platform-roles'
import { sqlState } from './connect'
import { FENCE_ROLE } from './guard-schema'

/** Predefined roles whose rights the fence needs: to see and end sessions, and to read every table for a validation. */
const RIGHTS = ['pg_monitor', 'pg_signal_backend', 'pg_read_all_data']
/** Role by which RDS lets a login in by IAM token; unknown elsewhere. */
const IAM_LOGIN = 'rds_iam'
/** Owned by nobody here, or a circle: the role that grants is a member of the role that it made. */
const NOT_OURS_TO_GRANT = ['42501', '0LP01']

/**
 * Gives the fence role what it needs to guard, fence, validate and open the database, without being a superuser; makes
 * the role where it is missing. Gives the privileges that the session's role could not grant.
 */
export async function grantFenceRole(client: Client, tables: readonly string[]): Promise<string[]> {
  await client.query(`do $body$ begin
    if not exists (select from pg_roles where rolname = '${FENCE_ROLE}') then
      create role ${FENCE_ROLE} login createrole;
    end if;
  end $body$`)
  await allowIamLogin(client, FENCE_ROLE)
  // A fence must not wait for a synchronous standby that the fault has taken away.
  await client.query(`alter role ${FENCE_ROLE} set synchronous_commit = local`)
  await client.query('create extension if not exists amcheck')
  await client.query(`grant usage on schema recovery_guard to ${FENCE_ROLE}`)
  await client.query(`grant all on all tables in schema recovery_guard to ${FENCE_ROLE}`)
  await client.query(`grant execute on all functions in schema recovery_guard to ${FENCE_ROLE}`)
  const schemas = [...new Set(tables.map((table) => table.split('.')[0]!))]
  const grants = [
    ...RIGHTS.map((right) => ({ name: right, statement: `grant ${right} to ${FENCE_ROLE}` })),
    ...(await amcheckFunctions(client)).map((name) => ({
      name,
      statement: `grant execute on function ${name} to ${FENCE_ROLE}`,
    })),
    ...schemas.map((name) => ({ name, statement: `grant usage on schema ${name} to ${FENCE_ROLE}` })),
    // For the erasures that a recovery must not undo.
    ...tables.map((name) => ({ name, statement: `grant select, update on ${name} to ${FENCE_ROLE}` })),
  ]
  const missing: string[] = []
  for (const { name, statement } of grants) if (!(await granted(client, statement))) missing.push(name)
  return missing
}

/**
 * Lets the fence role close and open every login role, new ones too. Gives those that it cannot, besides the session's
 * own: a role cannot be given to the one that it made. The lease refuses what any of them writes.
 */
export async function governLogins(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; isMine: boolean }>(
    `select rolname as name, pg_has_role('${FENCE_ROLE}', oid, 'member with admin option') as "isMine"
     from pg_roles where rolname not in ('${FENCE_ROLE}', current_user) and ${notOfPlatform('rolname')}
       and (rolcanlogin or rolname in (select name from recovery_guard.closed_login where opened_at is null)) order by 1`,
  )
  const beyond: string[] = []
  for (const { name } of rows.filter(({ isMine }) => !isMine)) {
    const role = client.escapeIdentifier(name)
    // The right to alter the role, not its rights.
    if (!(await granted(client, `grant ${role} to ${FENCE_ROLE} with admin true, inherit false, set false`)))
      beyond.push(name)
  }
  return beyond
}

/** Lets a role log in by a token of IAM, where the server knows them. */
export async function allowIamLogin(client: Client, role: string): Promise<void> {
  await client.query(`do $body$ begin
    if exists (select from pg_roles where rolname = '${IAM_LOGIN}') then grant ${IAM_LOGIN} to ${role}; end if;
  end $body$`)
}

/** Whether a grant succeeded; false where the session's role may not make it. */
export async function granted(client: Client, statement: string): Promise<boolean> {
  try {
    await client.query(statement)
    return true
  } catch (error) {
    if (NOT_OURS_TO_GRANT.includes(sqlState(error) ?? '')) return false
    throw error
  }
}

async function amcheckFunctions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p
     join pg_depend d on d.objid = p.oid and d.deptype = 'e' join pg_extension e on e.oid = d.refobjid
     where e.extname = 'amcheck' and p.proname in ('bt_index_check', 'verify_heapam') order by 1`,
  )
  return rows.map(({ name }) => name)
}
