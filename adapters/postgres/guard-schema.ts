import { notOfPlatform } from '../../core/policy/platform-roles'

/** SQLSTATE of a write refused because the lease has ended. Class RG is free for applications. */
export const LEASE_ENDED = 'RG001'

/** The only role that may log in while a database is fenced. */
export const FENCE_ROLE = 'recovery_fence'

/**
 * Schema `recovery_guard`: the write lease and what enforces it. Repeatable.
 * The trigger reads the lease under the statement's snapshot, which can only be older, so it can only be stricter.
 */
export const GUARD_SCHEMA = `
create schema if not exists recovery_guard;

create table if not exists recovery_guard.lease (
  only_one boolean primary key default true check (only_one),
  epoch bigint not null,
  valid_until timestamptz not null,
  -- Epoch that took the right to write away; only a newer one brings it back.
  ended_by bigint,
  heartbeat bigint not null default 0,
  heartbeat_at timestamptz not null default clock_timestamp()
);
create table if not exists recovery_guard.proof (key text primary key, written_at timestamptz not null default clock_timestamp());
-- What was closed here, and nothing else, is opened again.
create table if not exists recovery_guard.closed_login (name name primary key, closed_at timestamptz not null default clock_timestamp(), opened_at timestamptz);
create table if not exists recovery_guard.replayed (sequence bigint primary key, replayed_at timestamptz not null default clock_timestamp());

-- Moments that somebody may want to return to, such as one before a release.
create table if not exists recovery_guard.marker (name text primary key, set_at timestamptz not null default clock_timestamp());

create or replace function recovery_guard.require_lease() returns trigger
language plpgsql security definer set search_path = pg_catalog as $body$
begin
  if not exists (select from recovery_guard.lease where clock_timestamp() <= valid_until) then
    raise exception 'the write lease of this database has ended' using errcode = '${LEASE_ENDED}',
      hint = 'connect through the served name; another region may have taken over';
  end if;
  return null;
end $body$;

create or replace function recovery_guard.protect(target regclass) returns void
language plpgsql as $body$
begin
  execute format('drop trigger if exists require_lease on %s', target);
  execute format('create trigger require_lease before insert or update or delete or truncate on %s
    for each statement execute function recovery_guard.require_lease()', target);
  execute format('alter table %s enable always trigger require_lease', target);
end $body$;

-- The lease first, which no role can get around; then logins, and sessions last: one ended before would simply come back.
create or replace function recovery_guard.close_logins(by_epoch bigint default null) returns integer
language plpgsql as $body$
declare
  role name;
  ended integer;
begin
  update recovery_guard.lease set valid_until = '-infinity', ended_by = greatest(ended_by, by_epoch)
    where valid_until > '-infinity' or by_epoch > coalesce(ended_by, 0);
  for role in select rolname from pg_roles where rolcanlogin and rolname <> '${FENCE_ROLE}' and ${notOfPlatform('rolname')} loop
    begin
      execute format('alter role %I nologin', role);
      insert into recovery_guard.closed_login (name) values (role)
        on conflict (name) do update set closed_at = excluded.closed_at, opened_at = null;
    exception when insufficient_privilege then
      -- It keeps its login, and is refused by the lease.
    end;
  end loop;
  -- A session whose commit waits for a synchronous standby holds on until it is ended.
  select count(pg_terminate_backend(a.pid)) into ended from pg_stat_activity a join pg_roles r on r.oid = a.usesysid
    where a.backend_type = 'client backend' and r.rolname <> '${FENCE_ROLE}' and ${notOfPlatform('r.rolname')}
      and (not r.rolsuper or (select rolsuper from pg_roles where rolname = current_user))
      -- The dead man's job closes in a session of the owner; ending that one would undo all of it.
      and a.pid <> pg_backend_pid();
  return ended;
end $body$;

create or replace function recovery_guard.reopen_logins() returns void
language plpgsql as $body$
declare
  role name;
begin
  for role in update recovery_guard.closed_login set opened_at = clock_timestamp() where opened_at is null returning name loop
    if exists (select from pg_roles where rolname = role) then
      execute format('alter role %I login', role);
    end if;
  end loop;
end $body$;

-- The dead-man job: closes the logins when nobody has renewed the lease for longer than the grace.
create or replace function recovery_guard.close_if_stale(grace interval) returns boolean
language plpgsql as $body$
begin
  if pg_is_in_recovery() then
    return false;
  end if;
  -- Locked, so that a lease granted meanwhile is seen, and its logins are not closed behind its back.
  perform from recovery_guard.lease for update;
  if exists (select from recovery_guard.lease where clock_timestamp() <= valid_until + grace) then
    return false;
  end if;
  if exists (select from pg_roles where rolcanlogin and rolname <> '${FENCE_ROLE}' and ${notOfPlatform('rolname')}) then
    perform recovery_guard.close_logins();
  end if;
  return true;
end $body$;
`
