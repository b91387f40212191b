import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { serverAt } from '../../../adapters/local/client-recipe'
import type { Workload } from '../../../adapters/local/workload'
import { kill, processesIn } from '../../../adapters/local/scratch'
import { startWorld, type LocalWorld } from '../../../adapters/local/world'
import type { WorldOptions } from '../../../adapters/local/world-plan'
import { measureLoss, type AttemptEntry } from '../../../adapters/postgres/loss'
import { withSession } from '../../../adapters/postgres/connect'
import { resolvePolicy } from '../../../policy'
import { withFreePorts } from '../../setup/free-ports'
import { describeZoneStandby } from '../../contracts/zone-standby'

const policy = resolvePolicy('test')
const start = (change: Partial<WorldOptions> = {}) =>
  withFreePorts(() => startWorld({ policy, rows: 200, replication: 'async', zone: 'sync', ...change }))
const portsOf = (world: LocalWorld) =>
  world.ports({ append: () => Promise.reject(new Error('no evidence here')) }, { emit: () => undefined })

async function* entries(workload: Workload): AsyncIterable<AttemptEntry> {
  for await (const line of createInterface({ input: createReadStream(workload.logPath) }))
    yield JSON.parse(line) as AttemptEntry
}
async function acknowledgedBy(workload: Workload, server: string): Promise<number> {
  let count = 0
  for await (const line of createInterface({ input: createReadStream(workload.logPath) }))
    if (line.includes('"acknowledged"') && line.includes(`"${server}"`)) count++
  return count
}
/** Waits, for as long as the test may take, until clients are served by whichever server is the primary now. */
async function untilAcknowledged(world: LocalWorld, workload: Workload): Promise<void> {
  const server = serverAt(world.endpointOf(world.primary))
  // Their log begins with them.
  while (!existsSync(workload.logPath) || (await acknowledgedBy(workload, server)) === 0) await sleep(250)
}
const countLoss = (world: LocalWorld, workload: Workload) =>
  world.withInstance(world.primary, (client) => measureLoss(client, entries(workload), () => undefined))

async function failOver(world: LocalWorld, to = world.plan.zones.standby): Promise<void> {
  const { zoneStandby, inventory } = portsOf(world)
  do {
    // Asked again it begins nothing, and says why one that was begun came to nothing.
    await zoneStandby.failOver(world.primary, { key: `to-${to}` })
    await sleep(20)
  } while ((await inventory.describe(world.primary))?.zone !== to)
}

/** Whether a client can write within the time that guards and clients need to follow. */
async function takesWrites(world: LocalWorld): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(50)) {
    const written = await withSession(world.endpointOf(world.primary), world.plan.login('clinic_app'), 2000, (client) =>
      client.query('update clinic.patients set phone = phone where false'),
    ).then(
      () => true,
      () => false,
    )
    if (written) return true
  }
  return false
}

describeZoneStandby('real PostgreSQL', async () => {
  const world = await start()
  const { zoneStandby, inventory } = portsOf(world)
  return {
    zoneStandby,
    inventory,
    primary: world.primary,
    replica: world.replica,
    acceptsWrites: () => takesWrites(world),
    cut: () => world.faults.inject('partition'),
    heal: () => world.faults.heal('partition'),
    remove: world.remove,
  }
})

describe('a failover of the zone under load', () => {
  let world: LocalWorld
  afterEach(() => world?.remove())

  test.each(['process', 'database-hang'] as const)(
    'after a %s fault the clients are served under the same name, nothing acknowledged is lost, and the old server is dead for good',
    async (fault) => {
      world = await start()
      const workload = await world.startWorkload(3)
      await untilAcknowledged(world, workload)
      const tryOldPrimary = await world.rememberOldPrimary()
      const countOldProcesses = world.rememberServer(world.primary)
      const before = world.endpointOf(world.primary)
      await world.faults.inject(fault)
      await failOver(world)
      expect(world.endpointOf(world.primary)).toEqual({ ...before, port: world.plan.ports.zone })
      const server = serverAt(world.endpointOf(world.primary))
      await untilAcknowledged(world, workload)
      const attempts = await tryOldPrimary()
      await workload.stop()
      expect(await countOldProcesses()).toBe(0)
      expect(attempts.filter(({ outcome }) => outcome !== 'refused')).toEqual([])
      expect(new Set(attempts.map(({ path }) => path))).toEqual(
        new Set(['resumed-session', 'cached-address', 'direct-endpoint', 'restarted-server']),
      )
      const servedAgain = await acknowledgedBy(workload, server)
      expect(servedAgain).toBeGreaterThan(0)
      const loss = await countLoss(world, workload)
      expect(loss).toMatchObject({ lost: 0, ghost: 0, duplicated: 0, damaged: 0 })
      expect(loss.acknowledged).toBeGreaterThan(servedAgain)
    },
    60_000,
  )

  test('a standby that took over gets one of its own, in the zone that was lost, and a second failover loses nothing either', async () => {
    world = await start()
    const { serving, standby } = world.plan.zones
    const workload = await world.startWorkload(3)
    await untilAcknowledged(world, workload)
    const servers: string[] = []
    for (const to of [standby, serving]) {
      await world.faults.inject('process')
      await failOver(world, to)
      servers.push(serverAt(world.endpointOf(world.primary)))
      expect(await world.untilStandby(world.primary)).toBe(to === standby ? serving : standby)
      await untilAcknowledged(world, workload)
    }
    await workload.stop()
    expect(new Set(servers).size).toBe(2)
    for (const server of servers) expect(await acknowledgedBy(workload, server)).toBeGreaterThan(0)
    expect(await countLoss(world, workload)).toMatchObject({ lost: 0, ghost: 0, duplicated: 0, damaged: 0 })
    // Commits wait for the third standby too.
    const names = await world.withInstance(world.primary, async (client) => {
      const { rows } = await client.query<{ names: string }>(
        `select current_setting('synchronous_standby_names') as names`,
      )
      return rows[0]!.names
    })
    expect(names).toContain(`${world.plan.instances.primary}-zone-3`)
  }, 300_000)

  test.each([
    ['sync', false],
    ['async', true],
  ] as const)(
    'while the standby of a zone kept %s hangs, a commit is acknowledged: %s',
    async (zone, acknowledged) => {
      world = await start({ zone })
      const { regions, instances } = world.plan
      for (const pid of await processesIn(join(world.folder, regions.primary, `${instances.primary}-zone`)))
        kill(pid, 'SIGSTOP')
      const login = world.plan.login('clinic_app')
      const write = withSession(world.endpointOf(world.primary), login, 3000, (client) =>
        client.query(`insert into clinic.consents (patient_id, purpose, given_at) values (1, 'while it hangs', now())`),
      )
      expect(
        await write.then(
          () => true,
          () => false,
        ),
      ).toBe(acknowledged)
    },
    60_000,
  )

  test('the replica of the other region goes on following the instance, whichever server it is', async () => {
    world = await start()
    await failOver(world)
    const beat = (ref: typeof world.primary) => portsOf(world).database.lastHeartbeat(ref)
    const written = (await beat(world.primary))!.sequence
    const deadline = Date.now() + 20_000
    while ((await beat(world.replica))!.sequence <= written && Date.now() < deadline) await sleep(50)
    expect((await beat(world.replica))!.sequence).toBeGreaterThan(written)
  }, 60_000)
})
