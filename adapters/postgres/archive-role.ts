import type { Client } from 'pg'
import { allowIamLogin, granted } from './fence-role'

/** Login role of what dumps the database: it reads every table and changes none. */
export const ARCHIVE_ROLE = 'recovery_archive'

/** Makes the role where it is missing, and lets it read. Gives the privileges that the session's role could not grant. */
export async function grantArchiveRole(client: Client): Promise<string[]> {
  await client.query(`do $body$ begin
    if not exists (select from pg_roles where rolname = '${ARCHIVE_ROLE}') then create role ${ARCHIVE_ROLE} login; end if;
  end $body$`)
  await allowIamLogin(client, ARCHIVE_ROLE)
  await client.query(`alter role ${ARCHIVE_ROLE} set default_transaction_read_only = on`)
  return (await granted(client, `grant pg_read_all_data to ${ARCHIVE_ROLE}`)) ? [] : ['pg_read_all_data']
}
