import type { Client } from 'pg'
import { APPLICATION_ROLES } from '../../../adapters/postgres/clinic-schema'
import { withSession } from '../../../adapters/postgres/connect'
import { closeAndProve, databaseClock, grantLease, renewLease, reopenLogins } from '../../../adapters/postgres/guard'
import { guardCycle } from '../../../adapters/postgres/guard-cycle'
import { LEASE_ENDED } from '../../../adapters/postgres/guard-schema'
import type { ConditionalStore } from '../../../core/ports/conditional-store'
import { startDatabase, type TestDatabase } from './database'

let database: TestDatabase
let fence: Client
beforeAll(async () => {
  database = await startDatabase()
  fence = await database.session()
}, 60_000)
afterAll(() => database?.remove())
beforeEach(async () => {
  for (const role of [...APPLICATION_ROLES, 'postgres']) await fence.query(`alter role ${role} login`)
  await fence.query('delete from recovery_guard.closed_login')
  await fence.query(
    `update recovery_guard.lease set epoch = 1, ended_by = null, valid_until = clock_timestamp() + interval '1 hour'`,
  )
})

const WRITE = `update clinic.patients set phone = 'changed' where id = 1`
const endLease = () => fence.query(`update recovery_guard.lease set valid_until = clock_timestamp() - interval '1 ms'`)
const write = (role: string) =>
  withSession(database.endpoint, database.login(role), 5000, async (client) => void (await client.query(WRITE)))

test('an ended lease refuses a write in a session that was open before, even in an open transaction', async () => {
  const session = await database.session('clinic_app')
  await session.query('begin')
  await session.query(WRITE)
  await endLease()
  await expect(session.query(WRITE)).rejects.toMatchObject({ code: LEASE_ENDED })
})

test.each([
  [
    'session_replication_role = replica, which silences ordinary triggers',
    `set session_replication_role = replica; ${WRITE}`,
  ],
  ['a truncate', 'truncate clinic.consents'],
  ['a delete', 'delete from clinic.consents where id = 1'],
  ['an insert through copy', 'copy clinic.consents (patient_id) from stdin'],
])('an ended lease refuses the superuser too: %s', async (_, statement) => {
  const session = await database.session('postgres')
  await endLease()
  await expect(session.query(statement)).rejects.toMatchObject({ code: LEASE_ENDED })
})

test('renewing never shortens a lease, and never brings back an older epoch', async () => {
  const read = async () =>
    (
      await fence.query<{ epoch: string; left: string }>(
        'select epoch, extract(epoch from valid_until - clock_timestamp()) as left from recovery_guard.lease',
      )
    ).rows[0]!
  const renew = async (epoch: number, continues: number, ms: number) =>
    renewLease(fence, { epoch, continues }, await databaseClock(fence), ms)
  expect(await renew(1, 1, 1000)).toBe('renewed')
  expect(Number((await read()).left)).toBeGreaterThan(3000)
  expect(await renew(3, 1, 1000)).toBe('renewed')
  expect(Number((await read()).left)).toBeGreaterThan(3000)
  expect(await renew(1, 1, 7_200_000)).toBe('refused')
  expect(await read()).toMatchObject({ epoch: '3' })
  expect(Number((await read()).left)).toBeLessThan(3601)
})

test('a lease is granted by the opening alone: no guard renews one of an epoch before the region had the right', async () => {
  await endLease()
  const renew = async () => renewLease(fence, { epoch: 2, continues: 2 }, await databaseClock(fence), 60_000)
  expect(await renew()).toBe('refused')
  await expect(write('clinic_app')).rejects.toMatchObject({ cause: { code: LEASE_ENDED } })
  await grantLease(fence, 2, 60_000)
  expect(await renew()).toBe('renewed')
  await expect(write('clinic_app')).resolves.toBeUndefined()
  await expect(grantLease(fence, 1, 1000)).rejects.toMatchObject({ code: 'EPOCH_OVERTAKEN' })
  await fence.query('rollback')
})

test('a lease that was ended for a newer epoch is brought back by a newer one only', async () => {
  await closeAndProve(fence, 2, write)
  const renew = async (epoch: number) => renewLease(fence, { epoch, continues: 1 }, await databaseClock(fence), 60_000)
  expect(await renew(1)).toBe('refused')
  expect(await renew(2)).toBe('refused')
  expect(await renew(3)).toBe('closed')
})

test('only what was closed here is opened again', async () => {
  await fence.query('alter role clinic_reporting nologin')
  await closeAndProve(fence, 2, write)
  expect(await reopenLogins(fence)).toEqual(['clinic_app', 'clinic_jobs', 'postgres'])
  const { rows } = await fence.query(`select rolcanlogin from pg_roles where rolname = 'clinic_reporting'`)
  expect(rows).toEqual([{ rolcanlogin: false }])
  expect(await reopenLogins(fence)).toEqual(['clinic_app', 'clinic_jobs', 'postgres'])
})

test('closing ends every other session and proves a refused write through each role', async () => {
  const session = await database.session('clinic_jobs')
  const outcome = await closeAndProve(fence, 2, write)
  expect(outcome).toMatchObject({ kind: 'fenced', rolesRefused: [...APPLICATION_ROLES, 'postgres'].toSorted() })
  await expect(session.query(WRITE)).rejects.toThrow()
  await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
})

test('a login that is called like one of RDS is closed like any other; those of RDS itself are left alone', async () => {
  for (const role of ['rds_reporting', 'rdsbackup', 'rdsadmin'])
    await fence.query(
      `create role ${role} login password '${database.login(role).password}'; grant usage on schema clinic to ${role};
       grant select, update on clinic.patients to ${role}`,
    )
  try {
    const session = await database.session('rdsbackup')
    const outcome = await closeAndProve(fence, 2, write)
    expect(outcome).toMatchObject({
      kind: 'fenced',
      rolesRefused: expect.arrayContaining(['rds_reporting', 'rdsbackup']),
    })
    expect(outcome).toMatchObject({ rolesRefused: expect.not.arrayContaining(['rdsadmin']) })
    await expect(session.query(WRITE)).rejects.toThrow()
    await expect(write('rds_reporting')).rejects.toMatchObject({ failure: 'denied' })
  } finally {
    for (const role of ['rds_reporting', 'rdsbackup', 'rdsadmin'])
      await fence.query(`drop owned by ${role}; drop role ${role}`)
  }
})

test('a role that still writes is named, and an answer that never came proves nothing', async () => {
  const outcome = await closeAndProve(fence, 2, async (role) => {
    if (role === 'clinic_app') return
    if (role === 'clinic_jobs') throw new Error('connection reset')
    await write(role)
  })
  expect(outcome).toEqual({ kind: 'not-proven', rolesStillWriting: ['clinic_app', 'clinic_jobs'] })
})

test('the dead-man job closes only a lease that is stale for longer than the grace', async () => {
  const close = async (grace: string) =>
    (await fence.query<{ closed: boolean }>('select recovery_guard.close_if_stale($1::interval) as closed', [grace]))
      .rows[0]!.closed
  expect(await close('0 s')).toBe(false)
  await fence.query(`update recovery_guard.lease set valid_until = clock_timestamp() - interval '5 s'`)
  expect(await close('1 minute')).toBe(false)
  expect(await close('2 s')).toBe(true)
  await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
})

describe('one cycle of the guard', () => {
  const holding = (epoch: number, holder: string, continues = epoch) =>
    ({
      get: async () => ({ key: 'writer-epoch', value: { epoch, holder, raisedBy: 'test', continues }, version: '1' }),
    }) as unknown as ConditionalStore
  const silent = { get: async () => Promise.reject(new Error('no answer')) } as unknown as ConditionalStore
  /** Long enough that no write of a test comes too late for it. */
  const LEASE_MS = 60_000
  const cycle = (stores: readonly ConditionalStore[], silentMs: number) =>
    guardCycle(
      fence,
      {
        instance: { region: 'sa-east-1', instance: 'clinic-g1' },
        leaseMs: LEASE_MS,
        stores,
        monotonicMs: () => silentMs,
      },
      { heardAtMs: 0 },
    )

  test('one place that answers is enough to renew', async () => {
    await endLease()
    expect(await cycle([silent, holding(1, 'sa-east-1')], 2 * LEASE_MS)).toMatchObject({ decision: 'renew' })
    await expect(write('clinic_app')).resolves.toBeUndefined()
  })

  test('a newer epoch of another region closes, whatever the other place says', async () => {
    expect(await cycle([holding(1, 'sa-east-1'), holding(2, 'eu-west-1')], 0)).toMatchObject({ decision: 'close' })
    await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
  })

  test('a newer epoch of another database of the same region closes, and naming this one again opens', async () => {
    const named = (epoch: number, instance: string, continues: number) =>
      ({
        get: async () => ({
          key: 'writer-epoch',
          value: { epoch, holder: 'sa-east-1', instance, raisedBy: 'test', continues },
          version: '1',
        }),
      }) as unknown as ConditionalStore
    const beside = named(2, 'clinic-g3', 2)
    expect(await cycle([beside, beside], 0)).toMatchObject({ decision: 'close' })
    await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
    const back = named(3, 'clinic-g1', 1)
    expect(await cycle([back, back], 0)).toMatchObject({ decision: 'reopen' })
    await expect(write('clinic_app')).resolves.toBeUndefined()
  })

  test('silence shorter than a lease changes nothing; a whole lease of it closes', async () => {
    expect(await cycle([silent, silent], LEASE_MS - 1)).toMatchObject({ decision: 'idle' })
    await expect(write('clinic_app')).resolves.toBeUndefined()
    expect(await cycle([silent, silent], LEASE_MS)).toMatchObject({ decision: 'close' })
    await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
  })

  test('what was closed is opened again when the right comes back and both places say so', async () => {
    await cycle([holding(2, 'eu-west-1')], 0)
    const back = holding(3, 'sa-east-1', 1)
    expect(await cycle([silent, back], 0)).toMatchObject({ decision: 'renew', admits: false })
    await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
    expect(await cycle([back, back], 0)).toMatchObject({ decision: 'reopen', admits: true })
    await expect(write('clinic_app')).resolves.toBeUndefined()
    expect(await cycle([back, back], 0)).toMatchObject({ decision: 'renew' })
  })

  test('a database that was not opened under the epoch yet is left alone', async () => {
    await endLease()
    const taken = holding(2, 'sa-east-1')
    expect(await cycle([taken, taken], 0)).toMatchObject({ decision: 'wait', admits: false })
  })

  test('a guard that was stopped in the middle of a read asks again before it closes', async () => {
    let asked = 0
    const stoppedDuringFirst = {
      get: async () =>
        asked++ === 0 ? Promise.reject(new Error('timed out')) : holding(1, 'sa-east-1').get('writer-epoch'),
    } as unknown as ConditionalStore
    expect(await cycle([stoppedDuringFirst], 2 * LEASE_MS)).toMatchObject({ decision: 'renew' })
  })
})
