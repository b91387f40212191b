import type { PublishedMigration } from './publish'

/** Migrations of the rehearsed clinic, in their order. */
export const CLINIC_MIGRATIONS: readonly PublishedMigration[] = [
  {
    name: '0001-invoices-by-day',
    up: 'create index invoices_by_day on clinic.invoices (issued_on);',
    down: 'drop index clinic.invoices_by_day;',
  },
  {
    name: '0002-invoice-channel',
    // What was kept when the level was left before is put back, so that a rollback can itself be rolled back.
    up: `
alter table clinic.invoices add column channel text;
do $body$ begin
  if to_regclass('neonpro_migrations.kept_invoice_channel') is not null then
    update clinic.invoices i set channel = k.channel from neonpro_migrations.kept_invoice_channel k where k.invoice_id = i.id;
    delete from neonpro_migrations.kept_invoice_channel k using clinic.invoices i where i.id = k.invoice_id;
  end if;
end $body$;`,
    // The column goes, and what the newer version wrote to it stays beside, row by row.
    down: `
create table if not exists neonpro_migrations.kept_invoice_channel (
  invoice_id bigint primary key, channel text not null, kept_at timestamptz not null default clock_timestamp());
insert into neonpro_migrations.kept_invoice_channel (invoice_id, channel)
  select id, channel from clinic.invoices where channel is not null
  on conflict (invoice_id) do update set channel = excluded.channel, kept_at = excluded.kept_at;
insert into neonpro_migrations.set_aside (key, table_name, rows, how, place)
  select current_setting('neonpro.request'), 'clinic.invoices', count(*), 'kept', 'neonpro_migrations.kept_invoice_channel'
  from clinic.invoices where channel is not null;
alter table clinic.invoices drop column channel;`,
  },
  {
    name: '0003-no-more-channel',
    // What the column held is gone with it: there is no way back.
    up: 'alter table clinic.invoices drop column channel;',
  },
]
