import type { Client } from 'pg'
import type { HardeningMeasure, ScanFinding } from '../../core/ports/hardening'
import { notOfPlatform } from '../../core/policy/platform-roles'
import { FENCE_ROLE } from './guard-schema'

/** What is known to belong into a database. */
export interface KnownObjects {
  readonly logins: readonly string[]
  readonly superusers: readonly string[]
}

interface Measure {
  /** One row with `holds`. */
  readonly check: string
  /** @default it can only be checked here, and is applied where the server is configured */
  readonly apply?: string
  /**
   * The same where a service runs the server and shows neither what it keeps of passwords nor its host access file: a row with
   * `holds` by the settings that it has for both. @default the check above
   */
  readonly managedCheck?: string
}

const MEASURES: Readonly<Record<HardeningMeasure, Measure>> = {
  'public-creates-nothing': {
    check: `select not has_schema_privilege('public', 'public', 'CREATE') as holds`,
    apply: 'revoke create on schema public from public',
  },
  'superusers-cannot-log-in': {
    check: `select not exists (select from pg_roles where rolsuper and rolname <> '${FENCE_ROLE}' and ${notOfPlatform('rolname')}
      and (rolcanlogin or rolname in (select name from recovery_guard.closed_login where opened_at is null))) as holds`,
    // What was closed for the fence would be opened again with the rest.
    apply: `do $body$ declare role name; begin
      for role in select rolname from pg_roles where rolsuper and rolname <> '${FENCE_ROLE}' and ${notOfPlatform('rolname')} loop
        execute format('alter role %I nologin', role);
        delete from recovery_guard.closed_login where name = role;
      end loop; end $body$`,
  },
  'passwords-are-scram': {
    check: `select not exists (select from pg_authid where rolpassword is not null and rolpassword !~ '^SCRAM-SHA-256') as holds`,
    apply: `do $body$ declare role name; begin
      for role in select rolname from pg_authid where rolpassword is not null and rolpassword !~ '^SCRAM-SHA-256' loop
        execute format('alter role %I password null', role);
      end loop; end $body$`,
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL_Password_Encryption_configuration.html
    managedCheck: `select coalesce(current_setting('rds.accepted_password_auth_method', true) = 'scram', false) as holds`,
  },
  'host-access-by-tls-only': {
    check: `select count(*) > 0 and bool_and(error is null and (type = 'hostssl' or auth_method = 'reject')) as holds from pg_hba_file_rules`,
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
    managedCheck: `select current_setting('rds.force_ssl', true) in ('1', 'on') as holds`,
  },
}

/** Set by RDS on every server of its, and by nobody else. */
const IS_MANAGED = `select current_setting('rds.force_ssl', true) is not null as holds`

/** Applies the measures and gives those that hold afterwards. */
export async function applyMeasures(
  client: Client,
  measures: readonly HardeningMeasure[],
): Promise<HardeningMeasure[]> {
  const managed = await isManaged(client)
  for (const measure of measures) {
    const { apply, managedCheck } = MEASURES[measure]
    if (apply && !(managed && managedCheck) && !(await holds(client, measure, managed))) await client.query(apply)
  }
  return holding(client, measures, managed)
}

/** Measures that do not hold, and objects in the catalog that nobody of ours has made. */
export async function scanCatalog(
  client: Client,
  measures: readonly HardeningMeasure[],
  known: KnownObjects,
): Promise<ScanFinding[]> {
  const held = await holding(client, measures, await isManaged(client))
  const findings: ScanFinding[] = measures
    .filter((measure) => !held.includes(measure))
    .map((object) => ({ code: 'MEASURE_MISSING', object }))
  for (const { code, query, values } of SEARCHES(known)) {
    const { rows } = await client.query<{ object: string }>(query, [...values])
    findings.push(...rows.map(({ object }) => ({ code, object })))
  }
  return findings
}

const answer = async (client: Client, query: string): Promise<boolean> =>
  (await client.query<{ holds: boolean }>(query)).rows[0]!.holds

const isManaged = (client: Client): Promise<boolean> => answer(client, IS_MANAGED)

function holds(client: Client, measure: HardeningMeasure, managed: boolean): Promise<boolean> {
  const { check, managedCheck = check } = MEASURES[measure]
  return answer(client, managed ? managedCheck : check)
}

async function holding(
  client: Client,
  measures: readonly HardeningMeasure[],
  managed: boolean,
): Promise<HardeningMeasure[]> {
  const held: HardeningMeasure[] = []
  for (const measure of measures) if (await holds(client, measure, managed)) held.push(measure)
  return held
}

interface Search {
  readonly code: ScanFinding['code']
  /** Rows with `object`, the name of what does not belong there. */
  readonly query: string
  readonly values: readonly (readonly string[])[]
}

/** Schemas of the server and of extensions hold nothing that an attacker without superuser rights could have made. */
const OURS = `nspname !~ '^pg_' and nspname not in ('information_schema', 'recovery_guard')`

/** What extensions brought: pg_cron has a trigger of its own on its list of jobs. */
const OF_EXTENSIONS = `select objid from pg_depend where deptype = 'e'`

const SEARCHES = ({ logins, superusers }: KnownObjects): Search[] => [
  {
    code: 'UNKNOWN_LOGIN',
    query: `select rolname as object from pg_roles where ${notOfPlatform('rolname')} and rolname <> all($1)
      and (rolcanlogin or rolname in (select name from recovery_guard.closed_login where opened_at is null)) order by 1`,
    values: [logins],
  },
  {
    code: 'UNEXPECTED_SUPERUSER',
    query: `select rolname as object from pg_roles where rolsuper and ${notOfPlatform('rolname')} and rolname <> all($1) order by 1`,
    values: [superusers],
  },
  {
    code: 'UNKNOWN_TRIGGER',
    query: `select format('%s on %s', tgname, tgrelid::regclass) as object from pg_trigger
      where not tgisinternal and tgfoid is distinct from to_regprocedure('recovery_guard.require_lease()')
        and not (tgfoid in (${OF_EXTENSIONS}) and tgrelid in (${OF_EXTENSIONS})) order by 1`,
    values: [],
  },
  {
    code: 'UNKNOWN_FUNCTION',
    query: `select p.oid::regprocedure::text as object from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${OURS} and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by 1`,
    values: [],
  },
  {
    code: 'UNKNOWN_EVENT_TRIGGER',
    query: `select evtname as object from pg_event_trigger t
      where not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e') order by 1`,
    values: [],
  },
]
