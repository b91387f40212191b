import { OUTSIDE_SERVER } from './relations'

/**
 * Everything that has an owner and may be granted: what it is, how privileges on it are called (`acldefault`), its owner and its
 * list of privileges.
 */
const OWNED = `
  select 'pg_class'::regclass as class, c.oid, case c.relkind when 'S' then 'sequence ' else 'relation ' end || format('%I.%I', n.nspname, c.relname) as object,
    case c.relkind when 'S' then 's' else 'r' end::"char" as form, c.relowner as owner, c.relacl as acl
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't' and ${OUTSIDE_SERVER}
  union all
  select 'pg_proc'::regclass, p.oid, 'function ' || p.oid::regprocedure, 'f', p.proowner, p.proacl from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OUTSIDE_SERVER}
  union all
  select 'pg_type'::regclass, t.oid, 'type ' || t.oid::regtype, 'T', t.typowner, t.typacl
  from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
  where ${OUTSIDE_SERVER} and (t.typrelid = 0 or c.relkind = 'c') and not exists (select from pg_type e where e.typarray = t.oid)
  union all
  select 'pg_namespace'::regclass, n.oid, 'schema ' || quote_ident(n.nspname), 'n', n.nspowner, n.nspacl from pg_namespace n where ${OUTSIDE_SERVER}
  union all
  select 'pg_language'::regclass, l.oid, 'language ' || quote_ident(l.lanname), 'l', l.lanowner, l.lanacl from pg_language l where l.lanispl
  union all
  select 'pg_foreign_data_wrapper'::regclass, w.oid, 'wrapper ' || quote_ident(w.fdwname), 'F', w.fdwowner, w.fdwacl from pg_foreign_data_wrapper w
  union all
  select 'pg_foreign_server'::regclass, s.oid, 'server ' || quote_ident(s.srvname), 'S', s.srvowner, s.srvacl from pg_foreign_server s
  union all
  select 'pg_largeobject'::regclass, m.oid, 'large object ' || m.oid, 'L', m.lomowner, m.lomacl from pg_largeobject_metadata m
  union all
  select 'pg_database'::regclass, d.oid, 'database', 'd', d.datdba, d.datacl from pg_database d where d.datname = current_database()`

const OF_EXTENSION = `exists (select from pg_depend d where d.classid = owned.class and d.objid = owned.oid and d.deptype = 'e')`

export const OWNERS = `select object, owner::regrole::text from (${OWNED}) owned where not ${OF_EXTENSION}
  union all
  select 'publication ' || quote_ident(p.pubname), p.pubowner::regrole::text from pg_publication p
  union all
  select 'event trigger ' || quote_ident(e.evtname), e.evtowner::regrole::text from pg_event_trigger e`

/**
 * Who may do what, with the privileges that hold where nobody has changed them: a list that says what is so anyway and no list
 * are the same. Who granted it makes no difference to what may be done. What an extension brings along counts where its privileges
 * are not those that it came with.
 */
export const GRANTS = `
  select object, row(case when grantee = 0 then 'public' else grantee::regrole::text end, privilege_type, is_grantable)::text
  from (${OWNED}) owned cross join aclexplode(coalesce(acl, acldefault(form, owner)))
  where not ${OF_EXTENSION} or acl is distinct from (
    select i.initprivs from pg_init_privs i where i.classoid = owned.class and i.objoid = owned.oid and i.objsubid = 0
  )
  union all
  select format('column %I.%I.%I', n.nspname, c.relname, a.attname),
    row(case when g.grantee = 0 then 'public' else g.grantee::regrole::text end, g.privilege_type, g.is_grantable)::text
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace cross join aclexplode(a.attacl) g
  where not a.attisdropped and ${OUTSIDE_SERVER}`
