import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { withSession } from '../../../adapters/postgres/connect'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import { replayInto } from '../../../adapters/postgres/ledger-replay'
import { prepareDatabase } from '../../../adapters/postgres/preparation'
import type { CorrectedFields } from '../../../core/coordination/corrections'
import type { LedgerEntry } from '../../../core/ports/database'
import { startDatabase, type TestDatabase } from './database'
import { ownAsInRds } from './rds-owner'

const epoch = { epoch: 1, holder: 'sa-east-1', raisedBy: 'first-start', continues: 1 }
const corrections = new Map<string, CorrectedFields>()

let database: TestDatabase
/** A superuser, who sees everything. */
let reader: Client
beforeAll(async () => {
  database = await startDatabase()
  // The fence role is no superuser, as in RDS.
  await ownAsInRds(database)
  const owner = await database.session('owner')
  await prepareDatabase(owner, { tables: CLINIC_TABLES, epoch, waitMs: 0, graceSeconds: 60 })
  await owner.query(`alter role ${FENCE_ROLE} password '${database.login(FENCE_ROLE).password}'`)
  reader = await database.session('postgres')
}, 60_000)
afterAll(() => database?.remove())

let last = 0
const entry = (kind: LedgerEntry['kind'], subjectId: string, acceptedAt = '2026-11-23T12:00:00.000Z'): LedgerEntry => {
  last += 1
  return { sequence: last, id: `request-${last}`, kind, subjectId, acceptedAt }
}
const correction = (subjectId: string, fields: CorrectedFields): LedgerEntry => {
  const made = entry('correction', subjectId)
  corrections.set(made.id, fields)
  return made
}
const replay = (...entries: LedgerEntry[]) =>
  withSession(database.endpoint, database.login(FENCE_ROLE), 20_000, (client) =>
    replayInto(client, { entries, head: 1000 }, async ({ id }) => corrections.get(id)!),
  )
const value = async (statement: string, ...values: unknown[]): Promise<unknown> =>
  Object.values((await reader.query<Record<string, unknown>>(statement, values)).rows[0] ?? {})[0]
const phoneOf = (code: string) => value('select phone from clinic.patients where code = $1', code)
/** As the application writes, whatever lease there is. */
const write = async (statement: string) => {
  await reader.query(`update recovery_guard.lease set valid_until = clock_timestamp() + interval '1 hour'`)
  await reader.query(statement)
}

test('a consent that was given after its withdrawal was accepted stays', async () => {
  await write(`insert into clinic.consents (patient_id, purpose, given_at) values (11, 'telemedicine', '2026-11-24')`)
  expect(await replay(entry('consent-withdrawal', 'P000000011'))).toEqual({ applied: 1, residue: 0 })
  expect(
    await value('select array_agg(withdrawn_at is null order by id) from clinic.consents where patient_id = 11'),
  ).toEqual([false, true])
})

test('of two corrections the later one wins, field by field, and neither is repeated over what came after', async () => {
  const asked = [
    correction('P000000012', { name: 'Corrected', phone: '1' }),
    correction('P000000012', { phone: '2', birthDate: '1980-02-29' }),
  ]
  expect(await replay(...asked)).toEqual({ applied: 2, residue: 0 })
  expect(
    await value(`select name || ' ' || phone || ' ' || birth_date from clinic.patients where code = 'P000000012'`),
  ).toBe('Corrected 2 1980-02-29')
  await write(`update clinic.patients set phone = '3' where code = 'P000000012'`)
  expect(await replay(...asked)).toEqual({ applied: 0, residue: 0 })
  expect(await phoneOf('P000000012')).toBe('3')
  expect(await replay(correction('P000000012', { phone: null }))).toEqual({ applied: 1, residue: 0 })
  expect(await phoneOf('P000000012')).toBeNull()
})

test('what is undone by somebody after its replay is done again', async () => {
  const erasure = entry('erasure', 'P000000013')
  await replay(erasure)
  await write(`update clinic.patients set name = 'Back again', erased_at = null where code = 'P000000013'`)
  expect(await replay(erasure)).toEqual({ applied: 0, residue: 0 })
  expect(await value(`select name from clinic.patients where code = 'P000000013'`)).toBe('erased')
})

test('an entry about somebody whom the database does not hold leaves no residue', async () => {
  expect(await replay(entry('erasure', 'nobody'), correction('nobody', { phone: '1' }))).toMatchObject({ residue: 0 })
})

test('rows that a policy hides from the replay are not called done', async () => {
  await reader.query('alter table clinic.patients enable row level security')
  await expect(replay(entry('erasure', 'P000000014'))).rejects.toMatchObject({ failure: 'denied', code: '42501' })
  await reader.query('alter table clinic.patients disable row level security')
  expect(await phoneOf('P000000014')).not.toBeNull()
})

test('a login that only a superuser can take away is a residue until a person does', async () => {
  await reader.query('create role clinic_root superuser login')
  const revocation = entry('access-revocation', 'clinic_root')
  expect(await replay(revocation)).toEqual({ applied: 0, residue: 1 })
  await reader.query('alter role clinic_root nologin')
  expect(await replay(revocation)).toEqual({ applied: 1, residue: 0 })
})

test('a revoked login loses its password and what would open it again; who gets it back is opened like any other', async () => {
  const canLogIn = () => value(`select rolcanlogin from pg_roles where rolname = 'clinic_reporting'`)
  const fence = await database.session(FENCE_ROLE)
  await fence.query('select recovery_guard.close_logins()')
  await replay(entry('access-revocation', 'clinic_reporting'))
  await fence.query('select recovery_guard.reopen_logins()')
  expect(await canLogIn()).toBe(false)
  expect(await value(`select rolpassword from pg_authid where rolname = 'clinic_reporting'`)).toBeNull()
  await reader.query('alter role clinic_reporting login')
  await fence.query('select recovery_guard.close_logins()')
  expect(await canLogIn()).toBe(false)
  await fence.query('select recovery_guard.reopen_logins()')
  expect(await canLogIn()).toBe(true)
})

test('a database that knows no block is no hindrance to an erasure, and opens on no block', async () => {
  await reader.query('alter table clinic.patients rename column blocked_at to another')
  expect(await replay(entry('erasure', 'P000000015'))).toEqual({ applied: 1, residue: 0 })
  await expect(replay(entry('block', 'P000000016'))).rejects.toMatchObject({ failure: 'conflict', code: '42703' })
  await reader.query('alter table clinic.patients rename column another to blocked_at')
})

test('the role of the recovery itself cannot be revoked: nothing opens on such an entry', async () => {
  expect(await replay(entry('access-revocation', FENCE_ROLE))).toEqual({ applied: 0, residue: 1 })
  expect(await value(`select rolcanlogin from pg_roles where rolname = '${FENCE_ROLE}'`)).toBe(true)
})
