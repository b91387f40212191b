import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureLoss, type AttemptEntry } from '../../../adapters/postgres/loss'
import { serverAt } from '../../../adapters/local/client-recipe'
import { processesIn } from '../../../adapters/local/scratch'
import type { Workload } from '../../../adapters/local/workload'
import { startWorld, type LocalWorld } from '../../../adapters/local/world'
import { raiseEpoch } from '../../../core/coordination/writer-epoch'
import type { InstanceRef } from '../../../core/ports/database'
import type { Ports } from '../../../core/ports'
import { calmPolicy } from '../../setup/calm-policy'

const policy = calmPolicy()
const { lease } = policy.rehearsal.pace

let world: LocalWorld
let ports: Ports
let replica: InstanceRef
beforeEach(async () => {
  world = await startWorld({ policy, rows: 300, replication: 'async' })
  ports = world.ports({ append: () => Promise.reject(new Error('no evidence here')) }, { emit: () => undefined })
  replica = { region: world.plan.regions.recovery, instance: world.plan.instances.replica }
}, 60_000)
afterEach(async () => {
  await world.remove()
  expect(await processesIn(world.folder)).toEqual([])
  await expect(access(world.folder)).rejects.toMatchObject({ code: 'ENOENT' })
})

async function* entries(workload: Workload): AsyncIterable<AttemptEntry> {
  for await (const line of createInterface({ input: createReadStream(workload.logPath) }))
    yield JSON.parse(line) as AttemptEntry
}

const acknowledgedBy = async (workload: Workload, endpoint: string) => {
  let count = 0
  for await (const entry of entries(workload) as AsyncIterable<AttemptEntry & { endpoint?: string }>)
    if (entry.kind === 'acknowledged' && entry.endpoint === endpoint) count++
  return count
}

/** The shortest failover that is still safe: raise, let the lease end, promote, open, switch. */
async function failOver(): Promise<void> {
  const wanted = { epoch: 2, holder: replica.region, raisedBy: 'test', continues: 2 }
  expect(await raiseEpoch(ports.coordination.recovery, wanted)).toBe('raised')
  expect(await raiseEpoch(ports.coordination.witness, wanted)).toBe('raised')
  await sleep((lease.durationSeconds + lease.marginSeconds) * 1000)
  await ports.promotion.promote(replica, { key: 'promote', backupRetentionDays: 1 })
  while (await ports.database.inRecovery(replica)) await sleep(20)
  expect(await ports.database.validate(replica)).toMatchObject({ verdict: 'pass' })
  await ports.database.openLogins(replica, 2)
  for (const place of ['recovery', 'witness'] as const)
    await ports.trafficSwitch.point(place, { region: replica.region, epoch: 2, key: 'switch' })
}

test.each(['hang', 'partition'] as const)(
  'after a %s fault the replica serves, the loss is exact, and no way into the old primary accepts a write',
  async (kind) => {
    const workload = await world.startWorkload(2)
    await sleep(1500)
    const tryOldPrimary = await world.rememberOldPrimary()
    await world.faults.inject(kind)
    await failOver()
    await sleep(2500)
    await world.faults.heal(kind)
    const attempts = await tryOldPrimary()
    await workload.stop()
    expect(attempts.filter((attempt) => attempt.outcome !== 'refused')).toEqual([])
    expect(new Set(attempts.map((attempt) => attempt.path)).size).toBe(3)
    expect(await acknowledgedBy(workload, serverAt(world.endpointOf(world.replica)))).toBeGreaterThan(0)
    const loss = await world.withInstance(world.replica, (client) =>
      measureLoss(client, entries(workload), () => undefined),
    )
    expect(loss).toMatchObject({ ghost: 0, duplicated: 0, damaged: 0 })
  },
  60_000,
)

test.each(['process', 'partition'] as const)(
  'when a %s fault is over and nobody took over, the guard of the primary lets its clients in again',
  async (kind) => {
    const workload = await world.startWorkload(2)
    await sleep(1000)
    await world.faults.inject(kind)
    await sleep((lease.durationSeconds + lease.marginSeconds) * 1000)
    const atTheEnd = await acknowledgedBy(workload, serverAt(world.endpointOf(world.primary)))
    await sleep(500)
    expect(await acknowledgedBy(workload, serverAt(world.endpointOf(world.primary)))).toBe(atTheEnd)
    await world.faults.heal(kind)
    await sleep(3000)
    await workload.stop()
    expect(await acknowledgedBy(workload, serverAt(world.endpointOf(world.primary)))).toBeGreaterThan(atTheEnd)
  },
  60_000,
)

test('a pause of one second fences nothing, and a replica that is held back loses exactly what was acknowledged meanwhile', async () => {
  const workload = await world.startWorkload(2)
  await sleep(1000)
  await world.faults.stall(1000)
  await sleep(1500)
  const before = await acknowledgedBy(workload, serverAt(world.endpointOf(world.primary)))
  await world.faults.pauseReplay()
  await sleep(2000)
  expect(await acknowledgedBy(workload, serverAt(world.endpointOf(world.primary)))).toBeGreaterThan(before)
  const tryOldPrimary = await world.rememberOldPrimary()
  await world.faults.inject('host')
  await failOver()
  await workload.stop()
  await world.faults.heal('host')
  const attempts = await tryOldPrimary()
  expect(attempts.filter((attempt) => attempt.outcome !== 'refused')).toEqual([])
  const loss = await world.withInstance(world.replica, (client) =>
    measureLoss(client, entries(workload), () => undefined),
  )
  const { rows } = await world.withInstance(world.replica, (client) =>
    client.query<{ present: string }>('select count(*) as present from clinic.records where client_id is not null'),
  )
  expect(loss.lost).toBe(loss.acknowledged + loss.unknownPresent - Number(rows[0]!.present))
  expect(loss.rpoSeconds).toBeGreaterThan(1.8)
}, 60_000)
