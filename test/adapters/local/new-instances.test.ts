import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { processesIn } from '../../../adapters/local/scratch'
import { startWorld, type LocalWorld } from '../../../adapters/local/world'
import type { WorldOptions } from '../../../adapters/local/world-plan'
import { withSession } from '../../../adapters/postgres/connect'
import { raiseEpoch } from '../../../core/coordination/writer-epoch'
import type { Ports } from '../../../core/ports'
import type { InstanceRef } from '../../../core/ports/database'
import { resolvePolicy } from '../../../policy'
import { withFreePorts } from '../../setup/free-ports'

const policy = resolvePolicy('test')
const leaseMs = policy.rehearsal.pace.lease.durationSeconds * 1000

let world: LocalWorld
let ports: Ports
afterEach(() => world?.remove())
async function start(change: Partial<WorldOptions> = {}): Promise<void> {
  world = await withFreePorts(() => startWorld({ policy, rows: 200, replication: 'async', ...change }))
  ports = world.ports({ append: () => Promise.reject(new Error('no evidence here')) }, { emit: () => undefined })
}

const asApplication = <T>(ref: InstanceRef, work: (client: Client) => Promise<T>): Promise<T> =>
  withSession(world.endpointOf(ref), world.plan.login('clinic_app'), 2000, work)
const consent = (purpose: string) =>
  asApplication(world.primary, (client) =>
    client.query('insert into clinic.consents (patient_id, purpose, given_at) values (1, $1, now())', [purpose]),
  )
const purposes = (ref: InstanceRef) =>
  world.withInstance(ref, async (client) => {
    const { rows } = await client.query<{ purpose: string }>(
      `select purpose from clinic.consents where purpose in ('kept', 'too late') order by 1`,
    )
    return rows.map(({ purpose }) => purpose)
  })
const moment = () =>
  world.withInstance(world.primary, async (client) => {
    const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now')
    return rows[0]!.now.toISOString()
  })

const writes = (ref: InstanceRef) =>
  asApplication(ref, (client) => client.query('update clinic.patients set phone = phone where false')).then(
    () => true,
    () => false,
  )
/** Whether it comes true within the time that guards and standbys need on a busy machine. */
async function soon(holds: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) if (await holds()) return true
  return false
}
const FOLLOWS = {
  status: 'available',
  role: 'replica',
  isGuarded: true,
  holdsFirst: true,
  holdsWhileCut: false,
  holdsOnceHealed: true,
}
/** What a replica is once it is rebuilt, and whether it holds what its source writes, also while the path is cut. */
async function rebuilt(source: InstanceRef, spare: InstanceRef) {
  const { replication } = await world.rebuildReplica(source, spare)
  const described = await ports.inventory.describe(spare)
  const guards = await processesIn(join(world.folder, spare.region, `${spare.instance}-guard`, 'guard'))
  const holds = async (key: string) =>
    world.withInstance(spare, async (client) => {
      const { rowCount } = await client.query('select from recovery_guard.proof where key = $1', [key])
      return rowCount === 1
    })
  await ports.database.proveWrite(source, 'first')
  const holdsFirst = await soon(() => holds('first'))
  replication.cut()
  await ports.database.proveWrite(source, 'second')
  await sleep(500)
  const holdsWhileCut = await holds('second')
  replication.heal()
  const holdsOnceHealed = await soon(() => holds('second'))
  return { ...described, isGuarded: guards.length > 0, holdsFirst, holdsWhileCut, holdsOnceHealed }
}
async function claimFor({ region }: InstanceRef): Promise<void> {
  for (const place of [ports.coordination.recovery, ports.coordination.witness])
    await raiseEpoch(place, { epoch: 2, holder: region, raisedBy: 'test', continues: 2 })
}

test('a copy restored beside holds what was committed before the moment, and nobody enters it before a newer epoch opens it', async () => {
  await start({ backups: true, zone: 'sync' })
  const copy = world.spares[0]!
  await consent('kept')
  await sleep(20)
  const before = await moment()
  await consent('too late')
  await world.restoreInstance(world.primary, { before, copy })
  expect(await ports.inventory.describe(copy)).toMatchObject({ ...copy, status: 'available', role: 'primary' })
  expect(await purposes(copy)).toEqual(['kept'])
  expect(await purposes(world.primary)).toEqual(['kept', 'too late'])
  // As long as its guard would need to renew what the copy carried with it.
  await sleep(2 * leaseMs)
  await expect(asApplication(copy, (client) => client.query('select'))).rejects.toMatchObject({ failure: 'denied' })
  await consent('original')
  await claimFor(copy)
  await ports.database.openLogins(copy, 2)
  expect(await soon(() => writes(copy))).toBe(true)
  expect(await soon(async () => !(await writes(world.primary)))).toBe(true)
}, 90_000)

test('a restore that fails is seen to, and what it leaves is removed without a trace, and without an effect on others', async () => {
  await start({ backups: true })
  const [copy, other] = world.spares
  const restoreKey = 'run-1/restore-beside'
  await world.restoreInstance(world.primary, { before: await moment(), copy: other! })
  // No commit will ever be that late, so that the server gives up at the end of the archive.
  await ports.restore.begin(world.primary, { key: restoreKey, at: '2099-01-01T00:00:00Z', copy: copy! })
  expect(
    await soon(async () => (await ports.inventory.describe(copy!).catch(() => undefined))?.status === 'failed'),
  ).toBe(true)
  await ports.copyRemoval.remove(copy!, { restoreKey })
  expect(await ports.inventory.describe(copy!)).toBeUndefined()
  await world.faults.signalGuards('SIGKILL')
  for (const { region, instance } of [world.primary, other!])
    expect(
      await soon(
        async () => (await processesIn(join(world.folder, region, `${instance}-guard`, 'guard'))).length === 0,
      ),
    ).toBe(true)
}, 180_000)

test('an instance without a base backup cannot be restored', async () => {
  await start()
  const request = { before: new Date().toISOString(), copy: world.spares[0]! }
  await expect(world.restoreInstance(world.primary, request)).rejects.toMatchObject({ code: 'NO_HISTORY' })
}, 60_000)

test('a replica rebuilt in the primary region follows the promoted one, and stands still while the path is cut', async () => {
  await start()
  const [spare] = world.spares
  await world.faults.inject('host')
  await claimFor(world.replica)
  await ports.promotion.promote(world.replica, { key: 'promote', backupRetentionDays: 1 })
  while (await ports.database.inRecovery(world.replica)) await sleep(20)
  await ports.database.openLogins(world.replica, 2)
  await world.faults.heal('host')
  const source = world.replica.instance
  expect(await rebuilt(world.replica, spare!)).toMatchObject({ ...spare, ...FOLLOWS, source })
}, 90_000)

test('a replica rebuilt in the recovery region follows the primary, and no name of another world or region makes one', async () => {
  await start({ backups: true })
  const far = world.spares.find(({ region }) => region === world.replica.region)!
  for (const foreign of [
    { ...far, instance: 'another-world-g9' },
    { ...far, region: world.primary.region },
  ])
    await expect(world.rebuildReplica(world.primary, foreign)).rejects.toMatchObject({ code: 'INSTANCE_NOT_PLANNED' })
  // The log is restored where it lies.
  await expect(world.restoreInstance(world.primary, { before: await moment(), copy: far })).rejects.toMatchObject({
    code: 'INSTANCE_NOT_PLANNED',
  })
  const source = world.primary.instance
  expect(await rebuilt(world.primary, far)).toMatchObject({ ...far, ...FOLLOWS, source })
}, 90_000)
