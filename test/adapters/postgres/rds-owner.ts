import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import type { TestDatabase } from './database'

/** Like the owner that RDS gives: no superuser, but may make roles and pass on the predefined ones. */
const OWNER = `
drop schema recovery_guard cascade;
drop owned by recovery_fence; drop role recovery_fence;
create role rds_iam;
create role owner login createrole password 'owner-secret';
grant rds_iam, pg_monitor, pg_signal_backend, pg_read_all_data to owner with admin option;
grant all on database postgres to owner;
grant clinic_app, clinic_jobs, clinic_reporting to owner with admin option;
alter schema clinic owner to owner;
do $$ declare t text; begin
  foreach t in array array['${CLINIC_TABLES.join("','")}'] loop execute format('alter table %s owner to owner', t); end loop;
end $$;
drop extension amcheck;
create extension amcheck;
do $$ declare f regprocedure; begin
  for f in select p.oid from pg_proc p where proname in ('bt_index_check', 'verify_heapam') loop
    execute format('grant execute on function %s to owner with grant option', f);
  end loop;
end $$`

/** Gives a test database the owner that RDS would, and takes away what prepared it: nothing but data is there. */
export async function ownAsInRds(database: TestDatabase): Promise<void> {
  const superuser = await database.session('postgres')
  await superuser.query(OWNER)
}
