/** Tables of the rehearsal's clinic, the same names as in the policy's store register. */
export const CLINIC_TABLES = [
  'clinic.patients',
  'clinic.appointments',
  'clinic.records',
  'clinic.prescriptions',
  'clinic.consents',
  'clinic.invoices',
] as const

/** Roles that log in and write in the rehearsal, beside the superuser and the replication role. */
export const APPLICATION_ROLES = ['clinic_app', 'clinic_jobs', 'clinic_reporting'] as const

export const CLINIC_SCHEMA = `
create extension if not exists amcheck;
create schema clinic;

create table clinic.patients (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null,
  birth_date date not null check (birth_date > date '1900-01-01'),
  phone text,
  registered_at timestamptz not null default now(),
  erased_at timestamptz,
  -- Kept for the law alone, closed to every other use.
  blocked_at timestamptz
);
create table clinic.appointments (
  id bigint generated always as identity primary key,
  patient_id bigint not null references clinic.patients,
  at timestamptz not null,
  minutes integer not null check (minutes between 5 and 240),
  status text not null check (status in ('booked', 'kept', 'missed', 'cancelled'))
);
create index on clinic.appointments (patient_id, at);
create table clinic.records (
  id bigint generated always as identity primary key,
  patient_id bigint not null references clinic.patients,
  written_at timestamptz not null default clock_timestamp(),
  body text not null,
  body_md5 text not null,
  client_id integer,
  client_sequence bigint,
  unique (client_id, client_sequence)
);
create index on clinic.records (patient_id);
create table clinic.prescriptions (
  id bigint generated always as identity primary key,
  patient_id bigint not null references clinic.patients,
  drug text not null,
  dose_milligrams numeric(8, 2) not null check (dose_milligrams > 0),
  issued_on date not null
);
create index on clinic.prescriptions (patient_id);
create table clinic.consents (
  id bigint generated always as identity primary key,
  patient_id bigint not null references clinic.patients,
  purpose text not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz check (withdrawn_at >= given_at)
);
create index on clinic.consents (patient_id);
create table clinic.invoices (
  id bigint generated always as identity primary key,
  patient_id bigint not null references clinic.patients,
  amount_cents bigint not null check (amount_cents > 0),
  issued_on date not null,
  paid_on date check (paid_on >= issued_on)
);
create index on clinic.invoices (patient_id);
`

/** Synthetic people only: $1 patients, about eight rows each over all tables, made inside the database in one pass a table. */
export const SEED = (patients: number): string => `
insert into clinic.patients (code, name, birth_date, phone)
  select 'P' || lpad(n::text, 9, '0'), 'Synthetic Person ' || n, date '1930-01-01' + (n::bigint * 7919 % 33000)::integer, '+55 11 0' || lpad((n % 100000000)::text, 8, '0')
  from generate_series(1, ${patients}) n;
insert into clinic.appointments (patient_id, at, minutes, status)
  select 1 + (n * 7 % ${patients}), timestamptz '2026-01-01' + n * interval '3 minutes', 15 + n % 4 * 15, (array['booked', 'kept', 'missed', 'cancelled'])[1 + n % 4]
  from generate_series(1, ${patients * 2}) n;
insert into clinic.records (patient_id, body, body_md5, written_at)
  select patient, body, md5(body), timestamptz '2026-01-01' + n * interval '1 minute'
  from (select n, 1 + (n * 11 % ${patients}) as patient, 'synthetic note ' || n || ' ' || repeat(md5(n::text), 6) as body from generate_series(1, ${patients * 2}) n) s;
insert into clinic.prescriptions (patient_id, drug, dose_milligrams, issued_on)
  select 1 + (n * 13 % ${patients}), 'substance ' || n % 500, 1 + n % 1000 / 4.0, date '2026-01-01' + (n % 300)
  from generate_series(1, ${patients}) n;
insert into clinic.consents (patient_id, purpose, given_at)
  select n, 'telemedicine', timestamptz '2026-01-01' + n * interval '1 second' from generate_series(1, ${patients}) n;
insert into clinic.invoices (patient_id, amount_cents, issued_on, paid_on)
  select 1 + (n * 17 % ${patients}), 5000 + n * 37 % 90000, date '2026-01-01' + (n % 300), case when n % 5 > 0 then date '2026-01-01' + (n % 300) + 7 end
  from generate_series(1, ${patients}) n;
`
