/** So many that some are dealt to another partition wherever the type has another number. */
const WARDS = Array.from({ length: 40 }, (_, n) => `'ward ${n}'`).join(', ')

/** One of each kind of object that a catalog can hold and a dump carries, with rows; run by a superuser. */
export const EVERYTHING_SQL = `
create role fp_reader; create role fp_writer login; create role fp_group; grant fp_group to fp_writer with admin option;
create extension pg_trgm; create extension citext;
create schema shop; create schema secret; grant usage on schema shop to fp_reader;
create type shop.mood as enum ('well', 'ill');
create type shop.address as (street text, number integer);
create domain shop.price as numeric(10, 2) check (value >= 0);
create type shop.span as range (subtype = float8);
create collation shop.anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create sequence shop.number increment 5 cache 3 maxvalue 10000;
create function shop.shout(text) returns text language sql immutable return upper($1);
create procedure shop.rest() language sql as 'select 1';
create aggregate shop.total(numeric) (sfunc = numeric_add, stype = numeric, initcond = '0');
create operator shop.=~= (leftarg = text, rightarg = text, function = texteq);
create cast (shop.mood as integer) with inout;
create table shop.customers (
  id bigint generated always as identity primary key, name text not null unique, mood shop.mood, home shop.address,
  likes shop.mood[], label text collate shop.anycase, loud text generated always as (shop.shout(name)) stored,
  code uuid not null default gen_random_uuid(), document jsonb, raw json, seen regclass
);
create table shop.orders (
  customer bigint not null references shop.customers on delete cascade, at timestamptz not null, amount shop.price,
  number bigint not null default nextval('shop.number'), during shop.span,
  primary key (customer, at), check (amount < 100000)
) partition by range (at);
create table shop.orders_old partition of shop.orders for values from ('2020-01-01') to ('2025-01-01');
create table shop.orders_new partition of shop.orders for values from ('2025-01-01') to ('2030-01-01');
create type shop.ward as enum (${WARDS});
create table shop.beds (ward shop.ward not null, number integer, primary key (ward, number)) partition by hash (ward);
create table shop.beds_even partition of shop.beds for values with (modulus 2, remainder 0);
create table shop.beds_odd partition of shop.beds for values with (modulus 2, remainder 1) partition by hash (ward);
create table shop.beds_odd_all partition of shop.beds_odd for values with (modulus 1, remainder 0);
create table shop.rooms (number integer) partition by hash (number);
create table shop.rooms_even partition of shop.rooms for values with (modulus 2, remainder 0);
create table shop.rooms_odd partition of shop.rooms for values with (modulus 2, remainder 1);
create table shop.heap (gone integer, line text, part integer);
create table shop.parent (a integer); create table shop.child (b integer) inherits (shop.parent);
create unlogged table shop.cache (k text primary key, v text);
create index on shop.customers using gin (name gin_trgm_ops);
create index mooded on shop.customers (mood) where mood is not null;
create statistics shop.paired on mood, name from shop.customers;
create view shop.glad with (security_barrier) as select id, name from shop.customers where mood = 'well';
create materialized view shop.sums as select customer, sum(amount) as total from shop.orders group by customer with data;
create rule quiet as on update to shop.parent do instead nothing;
create function shop.touched() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before update on shop.customers for each row execute function shop.touched();
create trigger orders_touched before update on shop.orders for each row execute function shop.touched();
create function shop.watched() returns event_trigger language plpgsql as $$ begin null; end $$;
create event trigger watched on sql_drop execute function shop.watched();
alter table shop.customers enable row level security;
create policy own on shop.customers for select to fp_reader using (name = current_user);
create text search configuration shop.words (copy = simple);
create publication changes for table shop.customers (id, name) where (id > 10);
create foreign data wrapper elsewhere; create server far foreign data wrapper elsewhere options (host 'far');
create user mapping for fp_reader server far options (user 'x');
create foreign table shop.remote (a integer) server far;
grant select, insert on shop.customers to fp_reader; grant update (name) on shop.customers to fp_writer;
grant execute on function shop.shout to fp_reader; revoke execute on function shop.shout from public;
grant usage on sequence shop.number to fp_writer;
alter default privileges in schema shop grant select on tables to fp_reader;
comment on table shop.customers is 'who buys';
alter role fp_writer set statement_timeout = '5s';
alter table shop.heap owner to fp_writer;
insert into shop.rooms select generate_series(1, 20);
insert into shop.beds select ward, 7 from unnest(enum_range(null::shop.ward)) ward;
insert into shop.customers (name, mood, home, likes, label, document, raw, seen)
  select 'name ' || n, (array['well', 'ill'])[1 + n % 2]::shop.mood, row('street ' || n, n)::shop.address,
    array['ill', 'well']::shop.mood[], 'L' || n, jsonb_build_object('n', n, 'x', 1.50), '{"a" :1}', 'shop.parent'::regclass
  from generate_series(1, 300) n;
insert into shop.orders (customer, at, amount, during)
  select 1 + n % 300, timestamptz '2023-01-01' + n * interval '1 day', n / 4.0, shop.span(n, n + 0.5) from generate_series(1, 1500) n;
insert into shop.heap select n, 'line ' || n % 50, n % 3 from generate_series(1, 400) n; alter table shop.heap drop column gone;
insert into shop.parent values (1), (1), (2); insert into shop.child values (3, 4); insert into shop.cache values ('a', 'b');
refresh materialized view shop.sums;
select lo_from_bytea(0, decode(repeat('00ff', 3000), 'hex'));
do $$ declare o oid; f integer; begin
  -- With a hole in it, and zeros at its end.
  o := lo_create(0); f := lo_open(o, 131072); perform lo_lseek(f, 10000, 0); perform lowrite(f, '\\x010000'); perform lo_close(f);
end $$;
`
