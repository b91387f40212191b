import type { CatalogKind } from '../../../core/integrity/catalog-kinds'
import { GRANTS, OWNERS } from './catalog-grants'
import { OUTSIDE_SERVER } from './relations'

/** Objects of an extension come and go with it: its version stands for them. */
const notOfExtension = (catalog: string, alias: string): string =>
  `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${alias}.oid and d.deptype = 'e')`

const named = (schema: string, name: string): string => `format('%I.%I', ${schema}, ${name})`

const RELATION = named('n.nspname', 'c.relname')

/** From `pg_class c` in a schema `n` that is not the server's. */
const ofRelations = (kinds: string, more = ''): string => `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace ${more}
  where c.relkind in (${kinds}) and c.relpersistence <> 't' and ${OUTSIDE_SERVER} and ${notOfExtension('pg_class', 'c')}`

/** Names of roles that the server or its host brings along. */
const OWN_ROLE = `r.rolname !~ '^(pg_|rds)'`

/**
 * Per kind a query of (object, definition); several definitions of one object count together. The session has an empty search
 * path, so that every name in a definition is written with its schema.
 */
export const CATALOG_QUERIES: Readonly<Record<CatalogKind, string>> = {
  database: `
    select 'database', row(pg_encoding_to_char(encoding), datlocprovider, datcollate, datctype, to_jsonb(d) ->> 'datlocale', daticurules)::text
    from pg_database d where datname = current_database()`,

  settings: `
    select case when s.setdatabase = 0 then 'role ' || r.rolname else concat_ws(' ', 'database', 'role ' || r.rolname) end, setting
    from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole cross join unnest(s.setconfig) setting
    where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))`,

  schemas: `
    select quote_ident(n.nspname), 'schema' from pg_namespace n where ${OUTSIDE_SERVER} and ${notOfExtension('pg_namespace', 'n')}`,

  extensions: `
    select e.extname, row(e.extversion, n.nspname)::text from pg_extension e join pg_namespace n on n.oid = e.extnamespace`,

  tables: `
    select ${RELATION}, row(c.relkind, c.relpersistence, am.amname, array_to_string(c.reloptions, ','),
      c.relreplident, c.relrowsecurity, c.relforcerowsecurity, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
      (select string_agg(i.inhparent::regclass::text, ',' order by i.inhseqno) from pg_inherits i where i.inhrelid = c.oid),
      nullif(c.reloftype, 0)::regtype)::text
    ${ofRelations("'r', 'p', 'f'", 'left join pg_am am on am.oid = c.relam')}`,

  columns: `
    select ${RELATION}, row(row_number() over (partition by c.oid order by a.attnum), a.attname,
      format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attcompression,
      nullif(a.attcollation, t.typcollation)::regcollation, pg_get_expr(d.adbin, d.adrelid), array_to_string(a.attoptions, ','))::text
    from pg_attribute a join pg_type t on t.oid = a.atttypid join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'c', 'v', 'm') and c.relpersistence <> 't'
      and ${OUTSIDE_SERVER} and ${notOfExtension('pg_class', 'c')}
      and (c.relkind <> 'c' or not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = c.reltype and d.deptype = 'e'))`,

  constraints: `
    select concat_ws(' ', coalesce(nullif(k.conrelid, 0)::regclass::text, nullif(k.contypid, 0)::regtype::text), quote_ident(k.conname)),
      row(pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred)::text
    from pg_constraint k join pg_namespace n on n.oid = k.connamespace
    -- What a partition has from its parent is made with it, under a name of its own.
    where k.conparentid = 0 and ${OUTSIDE_SERVER}
      and not exists (select from pg_depend d where d.deptype = 'e'
        and (d.classid, d.objid) in (('pg_class'::regclass, k.conrelid), ('pg_type'::regclass, k.contypid)))`,

  indexes: `
    select ${RELATION}, row(pg_get_indexdef(c.oid), i.indisvalid, i.indisready, i.indisclustered, i.indisreplident,
      i.indnullsnotdistinct, array_to_string(c.reloptions, ','))::text
    ${ofRelations("'i', 'I'", 'join pg_index i on i.indexrelid = c.oid')}
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indrelid and d.deptype = 'e')`,

  sequences: `
    select ${RELATION}, row(s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
      c.relpersistence, (select string_agg(d.deptype::text || ' ' || d.refobjid::regclass::text || '.' || a.attname, ',') from pg_depend d
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')))::text
    ${ofRelations("'S'", 'join pg_sequence s on s.seqrelid = c.oid')}`,

  views: `
    select ${RELATION}, row(c.relkind, pg_get_viewdef(c.oid), array_to_string(c.reloptions, ','), c.relispopulated)::text
    ${ofRelations("'v', 'm'")}`,

  rules: `
    select concat_ws(' ', w.ev_class::regclass, quote_ident(w.rulename)), row(pg_get_ruledef(w.oid), w.ev_enabled)::text
    from pg_rewrite w join pg_class c on c.oid = w.ev_class join pg_namespace n on n.oid = c.relnamespace
    where w.rulename <> '_RETURN' and ${OUTSIDE_SERVER} and ${notOfExtension('pg_class', 'c')}`,

  triggers: `
    select concat_ws(' ', g.tgrelid::regclass, quote_ident(g.tgname)), row(pg_get_triggerdef(g.oid), g.tgenabled)::text
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not g.tgisinternal and g.tgparentid = 0 and ${OUTSIDE_SERVER} and ${notOfExtension('pg_class', 'c')}`,

  eventTriggers: `
    select quote_ident(e.evtname), row(e.evtevent, e.evtenabled, e.evtfoid::regprocedure, array_to_string(e.evttags, ','))::text
    from pg_event_trigger e where ${notOfExtension('pg_event_trigger', 'e')}`,

  policies: `
    select concat_ws(' ', p.polrelid::regclass, quote_ident(p.polname)), row(p.polcmd, p.polpermissive,
      (select string_agg(case when role = 0 then 'public' else role::regrole::text end, ',' order by role::regrole::text collate "C") from unnest(p.polroles) role),
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))::text
    from pg_policy p`,

  functions: `
    select p.oid::regprocedure::text, case when p.prokind = 'a'
      then (select row(pg_get_function_result(p.oid), a.aggkind, a.aggtransfn::regprocedure, nullif(a.aggfinalfn, 0)::regprocedure,
        nullif(a.aggcombinefn, 0)::regprocedure, a.aggtranstype::regtype, a.agginitval, nullif(a.aggsortop, 0)::regoperator)::text from pg_aggregate a where a.aggfnoid = p.oid)
      else pg_get_functiondef(p.oid) end
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${OUTSIDE_SERVER} and ${notOfExtension('pg_proc', 'p')}
      -- The constructors of a range are made with its type.
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`,

  types: `
    select t.oid::regtype::text, row(t.typtype, t.typlen, t.typbyval, t.typcategory, t.typnotnull, t.typdefault,
      case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end, nullif(t.typcollation, 0)::regcollation,
      (select string_agg(quote_literal(e.enumlabel), ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
      (select row(r.rngsubtype::regtype, nullif(r.rngcollation, 0)::regcollation, nullif(r.rngcanonical, 0)::regprocedure,
        nullif(r.rngsubdiff, 0)::regprocedure, r.rngmultitypid::regtype)::text from pg_range r where r.rngtypid = t.oid))::text
    from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
    -- A table's row type and the arrays are made with what they are of.
    where ${OUTSIDE_SERVER} and ${notOfExtension('pg_type', 't')} and (t.typrelid = 0 or c.relkind = 'c') and t.typtype <> 'm'
      and not exists (select from pg_type element where element.typarray = t.oid)`,

  operators: `
    select o.oid::regoperator::text, row(o.oprcode::regprocedure, o.oprcanmerge, o.oprcanhash, nullif(o.oprcom, 0)::regoperator,
      nullif(o.oprnegate, 0)::regoperator, nullif(o.oprrest, 0)::regproc, nullif(o.oprjoin, 0)::regproc)::text
    from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where ${OUTSIDE_SERVER} and ${notOfExtension('pg_operator', 'o')}
    union all
    select 'class ' || ${named('n.nspname', 'o.opcname')} || ' ' || am.amname, row(o.opcintype::regtype, o.opcdefault,
      (select string_agg(concat_ws(' ', p.amopstrategy, p.amopopr::regoperator), ',' order by p.amopstrategy, p.amopopr::regoperator::text collate "C")
        from pg_amop p where p.amopfamily = o.opcfamily),
      (select string_agg(concat_ws(' ', p.amprocnum, p.amproc::regprocedure), ',' order by p.amprocnum, p.amproc::regprocedure::text collate "C")
        from pg_amproc p where p.amprocfamily = o.opcfamily))::text
    from pg_opclass o join pg_am am on am.oid = o.opcmethod join pg_namespace n on n.oid = o.opcnamespace
    where ${OUTSIDE_SERVER} and ${notOfExtension('pg_opclass', 'o')}`,

  casts: `
    select concat_ws(' ', k.castsource::regtype, 'as', k.casttarget::regtype), row(k.castcontext, k.castmethod, nullif(k.castfunc, 0)::regprocedure)::text
    from pg_cast k where k.oid >= 16384 and ${notOfExtension('pg_cast', 'k')}`,

  collations: `
    select ${named('n.nspname', 'l.collname')}, row(l.collprovider, l.collisdeterministic, l.collencoding, l.collcollate, l.collctype,
      to_jsonb(l) ->> 'colllocale', l.collicurules)::text
    from pg_collation l join pg_namespace n on n.oid = l.collnamespace where ${OUTSIDE_SERVER} and ${notOfExtension('pg_collation', 'l')}`,

  textSearch: `
    select 'configuration ' || ${named('n.nspname', 'f.cfgname')}, row(p.prsname,
      (select string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ',' order by m.maptokentype, m.mapseqno)
        from pg_ts_config_map m where m.mapcfg = f.oid))::text
    from pg_ts_config f join pg_ts_parser p on p.oid = f.cfgparser join pg_namespace n on n.oid = f.cfgnamespace
    where ${OUTSIDE_SERVER} and ${notOfExtension('pg_ts_config', 'f')}
    union all
    select 'dictionary ' || ${named('n.nspname', 'y.dictname')}, row(t.tmplname, y.dictinitoption)::text
    from pg_ts_dict y join pg_ts_template t on t.oid = y.dicttemplate join pg_namespace n on n.oid = y.dictnamespace
    where ${OUTSIDE_SERVER} and ${notOfExtension('pg_ts_dict', 'y')}`,

  statistics: `
    select ${named('n.nspname', 's.stxname')}, row(pg_get_statisticsobjdef(s.oid), s.stxstattarget)::text
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where ${OUTSIDE_SERVER} and ${notOfExtension('pg_statistic_ext', 's')}`,

  languages: `
    select quote_ident(l.lanname), row(l.lanpltrusted, nullif(l.lanplcallfoid, 0)::regprocedure)::text
    from pg_language l where l.lanispl and ${notOfExtension('pg_language', 'l')}`,

  foreign: `
    select 'wrapper ' || quote_ident(w.fdwname), row(nullif(w.fdwhandler, 0)::regproc, array_to_string(w.fdwoptions, ','))::text
    from pg_foreign_data_wrapper w where ${notOfExtension('pg_foreign_data_wrapper', 'w')}
    union all
    select 'server ' || quote_ident(s.srvname), row(w.fdwname, s.srvtype, s.srvversion, array_to_string(s.srvoptions, ','))::text
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
    union all
    -- Whom it is for; how that one logs in elsewhere is a secret.
    select 'mapping ' || quote_ident(m.srvname), m.usename from pg_user_mappings m
    union all
    select 'table ' || ${RELATION}, row(s.srvname, array_to_string(f.ftoptions, ','))::text
    from pg_foreign_table f join pg_class c on c.oid = f.ftrelid join pg_namespace n on n.oid = c.relnamespace join pg_foreign_server s on s.oid = f.ftserver`,

  publications: `
    select quote_ident(p.pubname), row(p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot, to_jsonb(p) ->> 'pubgencols')::text
    from pg_publication p where ${notOfExtension('pg_publication', 'p')}
    union all
    select quote_ident(p.pubname), row('table', r.prrelid::regclass, pg_get_expr(r.prqual, r.prrelid),
      (select string_agg(a.attname, ',' order by a.attnum) from unnest(r.prattrs) k (attnum) join pg_attribute a on a.attrelid = r.prrelid and a.attnum = k.attnum))::text
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
    union all
    select quote_ident(p.pubname), row('schema', r.pnnspid::regnamespace)::text from pg_publication_namespace r join pg_publication p on p.oid = r.pnpubid`,

  subscriptions: `
    -- Without the address of the publisher, which holds a secret, and only superusers may read it.
    select quote_ident(s.subname), row(s.subslotname, array_to_string(s.subpublications, ','), s.subbinary, s.substream, s.subtwophasestate)::text
    from pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database())`,

  comments: `
    select pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description from pg_description d
    where d.objoid >= 16384 and not exists (select from pg_depend e where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')
      and d.classoid <> 'pg_extension'::regclass
    union all
    select pg_describe_object(l.classoid, l.objoid, l.objsubid), row(l.provider, l.label)::text from pg_seclabel l where l.objoid >= 16384`,

  defaultPrivileges: `
    select concat_ws(' ', a.defaclrole::regrole, case when a.defaclnamespace <> 0 then a.defaclnamespace::regnamespace::text end, a.defaclobjtype),
      row(case when g.grantee = 0 then 'public' else g.grantee::regrole::text end, g.privilege_type, g.is_grantable)::text
    from pg_default_acl a cross join aclexplode(a.defaclacl) g
    where a.defaclnamespace = 0 or a.defaclnamespace in (select n.oid from pg_namespace n where ${OUTSIDE_SERVER})`,

  owners: OWNERS,

  grants: GRANTS,

  roles: `
    -- Never the password, nor a hash of it.
    select quote_ident(r.rolname), row(r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
      r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil)::text
    from pg_roles r where ${OWN_ROLE}`,

  memberships: `
    select concat_ws(' ', r.rolname, 'in', g.rolname), row(m.admin_option, to_jsonb(m) ->> 'inherit_option', to_jsonb(m) ->> 'set_option')::text
    from pg_auth_members m join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.roleid where ${OWN_ROLE}`,
}
