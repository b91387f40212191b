import type { Client } from 'pg'
import { CLINIC_TABLES } from '../../../adapters/postgres/clinic-schema'
import { connect, destroy, withSession } from '../../../adapters/postgres/connect'
import { postgresSession } from '../../../adapters/postgres/database-session'
import { takeBaseline } from '../../../adapters/postgres/fingerprint/baseline'
import { closeAndProve, databaseClock, renewLease } from '../../../adapters/postgres/guard'
import { FENCE_ROLE, LEASE_ENDED } from '../../../adapters/postgres/guard-schema'
import { prepareDatabase } from '../../../adapters/postgres/preparation'
import { startDatabase, type TestDatabase } from './database'
import { standInForCron } from './pg-cron'
import { ownAsInRds } from './rds-owner'

const epoch = { epoch: 1, holder: 'sa-east-1', raisedBy: 'first-start', continues: 1 }
const WRITE = `update clinic.patients set phone = 'changed' where id = 1`

let database: TestDatabase
let owner: Client
let fence: Client
beforeAll(async () => {
  database = await startDatabase()
  await ownAsInRds(database)
  owner = await database.session('owner')
  await prepare()
  await owner.query(`alter role ${FENCE_ROLE} password '${database.login(FENCE_ROLE).password}'`)
  fence = await connect(database.endpoint, database.login(FENCE_ROLE), 20_000)
}, 60_000)
beforeEach(async () => {
  // Sessions of the owner are ended when the database is closed.
  owner = await database.session('owner')
  await owner.query('select recovery_guard.reopen_logins()')
  await owner.query(
    `insert into recovery_guard.lease (epoch, valid_until) values (1, '-infinity') on conflict (only_one)
     do update set epoch = 1, ended_by = null, valid_until = '-infinity'`,
  )
  await owner.query('delete from recovery_guard.closed_login')
  await keepLease()
  await prepare()
})
afterAll(async () => {
  destroy(fence)
  await database?.remove()
})

const prepare = (waitMs = 0, tables: readonly string[] = CLINIC_TABLES) =>
  prepareDatabase(owner, { tables, epoch, waitMs, graceSeconds: 60 })
const write = (role: string) =>
  withSession(database.endpoint, database.login(role), 5000, async (client) => void (await client.query(WRITE)))
const keepLease = async () => renewLease(fence, { epoch: 1, continues: 1 }, await databaseClock(fence), 3_600_000)

test('a database that serves is not protected before a guard keeps its lease, so that no write is refused', async () => {
  for (const table of CLINIC_TABLES) await owner.query(`drop trigger require_lease on ${table}`)
  await owner.query(`update recovery_guard.lease set valid_until = '-infinity'`)
  expect(await prepare()).toEqual({
    protectedTables: 0,
    missingTables: [],
    unprotectedTables: [...CLINIC_TABLES],
    // A superuser is nobody's to give.
    rolesNotClosed: ['postgres'],
    privilegesMissing: [],
    deadMan: 'missing',
    commitTimes: 'kept',
  })
  await expect(write('clinic_app')).resolves.toBeUndefined()
})

test('once the guard has begun, every table is protected, and doing it all again changes nothing', async () => {
  await owner.query('drop trigger require_lease on clinic.patients')
  const ready = { protectedTables: CLINIC_TABLES.length, missingTables: [], unprotectedTables: [] }
  expect(await prepare()).toMatchObject(ready)
  expect(await prepare()).toMatchObject(ready)
  await expect(write('clinic_app')).resolves.toBeUndefined()
  await fence.query(`update recovery_guard.lease set valid_until = '-infinity'`)
  await expect(write('clinic_app')).rejects.toMatchObject({ cause: { code: LEASE_ENDED } })
})

test('it waits for the guard, but not for ever', async () => {
  await fence.query(`update recovery_guard.lease set valid_until = '-infinity'`)
  await owner.query('drop trigger require_lease on clinic.invoices')
  const waiting = prepare(20_000)
  await keepLease()
  expect(await waiting).toMatchObject({ unprotectedTables: [] })
})

test('a table that is missing is named, and one that somebody holds is left for the next time', async () => {
  expect(await prepare(0, [...CLINIC_TABLES, 'clinic.images'])).toMatchObject({ missingTables: ['clinic.images'] })
  await owner.query('drop trigger require_lease on clinic.invoices')
  const holder = await database.session('postgres')
  await holder.query('begin; lock table clinic.invoices in row exclusive mode')
  expect(await prepare()).toMatchObject({ unprotectedTables: ['clinic.invoices'] })
  await holder.query('rollback')
  expect(await prepare()).toMatchObject({ unprotectedTables: [] })
})

test('the fence role, no superuser, closes, proves, opens, validates and replays', async () => {
  const baseline = await takeBaseline(fence, CLINIC_TABLES)
  const session = postgresSession({
    leaseMs: 3_600_000,
    tables: { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
    baseline: async () => baseline,
    openCorrection: () => Promise.reject(new Error('nothing is corrected here')),
    withSession: async (_, work) => withSession(database.endpoint, database.login(FENCE_ROLE), 20_000, work),
  })
  const node = { region: 'sa-east-1', instance: 'clinic-g1' }
  expect(await session.validate(node)).toMatchObject({ verdict: 'pass' })
  const open = await database.session('clinic_jobs')
  // The owner keeps its login, and is refused by the lease.
  expect(await closeAndProve(fence, 2, write)).toMatchObject({
    kind: 'fenced',
    rolesRefused: expect.arrayContaining(['clinic_app', 'owner']),
  })
  await expect(open.query(WRITE)).rejects.toThrow()
  await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
  await expect(write('owner')).rejects.toMatchObject({ cause: { code: LEASE_ENDED } })
  const erasure = {
    sequence: 1,
    id: 'request-1',
    kind: 'erasure',
    subjectId: 'P000000001',
    acceptedAt: '2026-11-24T00:00:00.000Z',
  } as const
  expect(await session.replayLedger(node, { entries: [erasure], head: 1 })).toEqual({ applied: 1, residue: 0 })
  expect((await session.openLogins(node, 2)).roles).toEqual(
    expect.arrayContaining(['clinic_app', 'clinic_jobs', 'clinic_reporting']),
  )
  await expect(write('clinic_app')).resolves.toBeUndefined()
})

test('a role that is made later is governed from the next time on', async () => {
  await owner.query(
    `create role clinic_new login password 'clinic_new-secret'; grant usage on schema clinic to clinic_new`,
  )
  const { rolesNotClosed } = await prepare()
  expect(rolesNotClosed).not.toContain('clinic_new')
  await fence.query('select recovery_guard.close_logins()')
  const { rows } = await fence.query(`select rolcanlogin from pg_roles where rolname = 'clinic_new'`)
  expect(rows).toEqual([{ rolcanlogin: false }])
})

test('the first lease has ended when it is seeded: only a guard that knows the epoch brings it to life', async () => {
  await owner.query('delete from recovery_guard.lease')
  expect(await prepare()).toMatchObject({ deadMan: 'missing' })
  await expect(write('clinic_app')).rejects.toMatchObject({ cause: { code: LEASE_ENDED } })
  expect(await keepLease()).toBe('renewed')
  await expect(write('clinic_app')).resolves.toBeUndefined()
})

test('a lease is seeded by the first epoch only: where a later one is in force, a missing lease is a question', async () => {
  await owner.query('delete from recovery_guard.lease')
  const later = { epoch: 4, holder: 'sa-east-1', raisedBy: 'run-3', continues: 4 }
  await expect(
    prepareDatabase(owner, { tables: CLINIC_TABLES, epoch: later, waitMs: 0, graceSeconds: 60 }),
  ).rejects.toMatchObject({
    code: 'LEASE_MISSING',
  })
})

test('the dead man closes from a session of the owner, and survives it', async () => {
  const session = await database.session('clinic_app')
  await fence.query(`update recovery_guard.lease set valid_until = clock_timestamp() - interval '5 minutes'`)
  const { rows } = await owner.query<{ closed: boolean }>(
    `select recovery_guard.close_if_stale(interval '1 minute') as closed`,
  )
  expect(rows).toEqual([{ closed: true }])
  await expect(session.query('select')).rejects.toThrow()
  await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
  // It is the one role it could not close, and its session is the one that it did not end.
  await expect(owner.query('select')).resolves.toBeDefined()
})

describe('where the server has pg_cron', () => {
  let removeStandIn: () => Promise<void>
  beforeAll(async () => {
    removeStandIn = await standInForCron(database)
  })
  afterAll(() => removeStandIn())
  const jobs = async () =>
    (
      await owner.query<{ jobname: string; schedule: string; command: string }>(
        'select jobname, schedule, command from cron.job',
      )
    ).rows
  const cronIsThere = async () =>
    (await owner.query(`select from pg_extension where extname = 'pg_cron'`)).rowCount === 1

  test('the dead man is scheduled once, however often the database is prepared', async () => {
    expect(await prepare()).toMatchObject({ deadMan: 'scheduled' })
    expect(await prepare()).toMatchObject({ deadMan: 'scheduled' })
    const command = `select recovery_guard.close_if_stale(interval '60 seconds')`
    expect(await jobs()).toEqual([{ jobname: 'recovery-dead-man', schedule: '30 seconds', command }])
    await expect(owner.query(command)).resolves.toBeDefined()
  })

  test('it is not scheduled while no guard keeps the lease: it would close the database that serves', async () => {
    if (await cronIsThere()) await owner.query('delete from cron.job')
    await fence.query(`update recovery_guard.lease set valid_until = '-infinity'`)
    expect(await prepare()).toMatchObject({ deadMan: 'missing' })
    expect((await cronIsThere()) ? await jobs() : []).toEqual([])
  })

  test('it is missing where pg_cron lives in another database', async () => {
    const superuser = await database.session('postgres')
    await superuser.query(`alter database postgres set cron.database_name = 'other'`)
    owner = await database.session('owner')
    expect(await prepare()).toMatchObject({ deadMan: 'missing' })
    await superuser.query(`alter database postgres set cron.database_name = 'postgres'`)
  })
})

test('says of whom a policy of a table hides rows, since neither a comparison nor a dump would see them', async () => {
  await owner.query('alter table clinic.records enable row level security')
  expect(await prepare()).toMatchObject({
    privilegesMissing: ['bypassrls:recovery_archive', 'bypassrls:recovery_fence'],
  })
  await owner.query('alter table clinic.records disable row level security')
  expect(await prepare()).toMatchObject({ privilegesMissing: [] })
})
