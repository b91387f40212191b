import type { Client } from 'pg'
import { APPLICATION_ROLES } from '../../../adapters/postgres/clinic-schema'
import { withSession } from '../../../adapters/postgres/connect'
import { closeAndProve, databaseClock, renewLease } from '../../../adapters/postgres/guard'
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
  await fence.query(`update recovery_guard.lease set epoch = 1, valid_until = clock_timestamp() + interval '1 hour'`)
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
  await renewLease(fence, 1, await databaseClock(fence), 1000)
  expect(Number((await read()).left)).toBeGreaterThan(3000)
  await renewLease(fence, 2, await databaseClock(fence), 1000)
  expect(Number((await read()).left)).toBeLessThanOrEqual(1)
  await renewLease(fence, 1, await databaseClock(fence), 3_600_000)
  expect(await read()).toMatchObject({ epoch: '2' })
  expect(Number((await read()).left)).toBeLessThanOrEqual(1)
})

test('closing ends every other session and proves a refused write through each role', async () => {
  const session = await database.session('clinic_jobs')
  const outcome = await closeAndProve(fence, write)
  expect(outcome).toMatchObject({ kind: 'fenced', rolesRefused: [...APPLICATION_ROLES, 'postgres'].toSorted() })
  await expect(session.query(WRITE)).rejects.toThrow()
  await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
})

test('a role that still writes is named, and an answer that never came proves nothing', async () => {
  const outcome = await closeAndProve(fence, async (role) => {
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
  const holding = (epoch: number, holder: string) =>
    ({
      get: async () => ({ key: 'writer-epoch', value: { epoch, holder, raisedBy: 'test' }, version: '1' }),
    }) as unknown as ConditionalStore
  const silent = { get: async () => Promise.reject(new Error('no answer')) } as unknown as ConditionalStore
  const cycle = (stores: readonly ConditionalStore[], silentMs: number) =>
    guardCycle(fence, { region: 'sa-east-1', leaseMs: 1200, stores, monotonicMs: () => silentMs }, { heardAtMs: 0 })

  test('one place that answers is enough to renew', async () => {
    await endLease()
    expect(await cycle([silent, holding(1, 'sa-east-1')], 60_000)).toMatchObject({ decision: 'renew' })
    await expect(write('clinic_app')).resolves.toBeUndefined()
  })

  test('a newer epoch of another region closes, whatever the other place says', async () => {
    expect(await cycle([holding(1, 'sa-east-1'), holding(2, 'eu-west-1')], 0)).toMatchObject({ decision: 'close' })
    await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
  })

  test('silence shorter than a lease changes nothing; a whole lease of it closes', async () => {
    expect(await cycle([silent, silent], 1199)).toMatchObject({ decision: 'idle' })
    await expect(write('clinic_app')).resolves.toBeUndefined()
    expect(await cycle([silent, silent], 1200)).toMatchObject({ decision: 'close' })
    await expect(write('clinic_app')).rejects.toMatchObject({ failure: 'denied' })
  })

  test('a guard that was stopped in the middle of a read asks again before it closes', async () => {
    let asked = 0
    const stoppedDuringFirst = {
      get: async () =>
        asked++ === 0 ? Promise.reject(new Error('timed out')) : holding(1, 'sa-east-1').get('writer-epoch'),
    } as unknown as ConditionalStore
    expect(await cycle([stoppedDuringFirst], 5000)).toMatchObject({ decision: 'renew' })
  })
})
