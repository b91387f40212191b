import type { Client } from 'pg'
import type { DatabaseProperties, Privilege, Setting } from '../../core/ports/backup-source'

/** What belongs to the session's database itself. */
export async function databaseProperties(client: Client): Promise<DatabaseProperties> {
  const { rows } = await client.query<Row>(
    `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datcollate as collate, datctype as ctype,
       to_jsonb(d) ->> 'datlocale' as locale, to_jsonb(d) ->> 'daticurules' as rules, pg_get_userbyid(datdba) as owner, datacl is not null as granted
     from pg_database d where datname = current_database()`,
  )
  const { encoding, provider, collate, ctype, locale, rules, owner, granted } = rows[0]!
  const { rows: settings } = await client.query<{ role: string | null; name: string; value: string }>(
    `select r.rolname as role, split_part(setting, '=', 1) as name, substr(setting, strpos(setting, '=') + 1) as value
     from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) setting
     where s.setdatabase = (select oid from pg_database where datname = current_database()) order by 1 nulls first, 2`,
  )
  return {
    encoding,
    localeProvider: PROVIDERS[provider] ?? provider,
    collate,
    ctype,
    ...(locale !== null && { locale }),
    ...(rules !== null && { icuRules: rules }),
    owner,
    ...(granted && { privileges: await privileges(client) }),
    settings: settings.map(named),
  }
}

interface Row {
  readonly encoding: string
  readonly provider: string
  readonly collate: string
  readonly ctype: string
  readonly locale: string | null
  readonly rules: string | null
  readonly owner: string
  readonly granted: boolean
}

/** https://www.postgresql.org/docs/18/catalog-pg-database.html */
const PROVIDERS: Readonly<Record<string, string>> = { b: 'builtin', c: 'libc', i: 'icu' }

async function privileges(client: Client): Promise<Privilege[]> {
  const { rows } = await client.query<{ grantee: string | null; privilege: string; grantable: boolean }>(
    `select r.rolname as grantee, privilege_type as privilege, is_grantable as grantable
     from pg_database d cross join aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee
     where datname = current_database() order by 1 nulls first, 2`,
  )
  return rows.map(({ grantee, privilege, grantable }) => ({
    ...(grantee !== null && { grantee }),
    privilege,
    grantable,
  }))
}

/** A setting without a role is everybody's. */
export const named = ({ role, name, value }: { role: string | null; name: string; value: string }): Setting => ({
  ...(role !== null && { role }),
  name,
  value,
})
