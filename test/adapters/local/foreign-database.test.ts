import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Instance } from '../../../adapters/local/instance'
import { postgresBinaries } from '../../../adapters/local/postgres-binaries'
import { databaseUser, kill, ownedFolder, processesIn } from '../../../adapters/local/scratch'
import { startWorld, type LocalWorld } from '../../../adapters/local/world'
import { connect, destroy, withSession } from '../../../adapters/postgres/connect'
import { FENCE_ROLE } from '../../../adapters/postgres/guard-schema'
import type { Ports } from '../../../core/ports'
import { resolvePolicy } from '../../../policy'

let world: LocalWorld
let ports: Ports
beforeAll(async () => {
  world = await startWorld({ policy: resolvePolicy('test'), rows: 200, replication: 'async' })
  ports = world.ports({ append: () => Promise.reject(new Error('no evidence here')) }, { emit: () => undefined })
  await replaceByStranger('recovery', 'replica')
}, 60_000)
afterAll(() => world?.remove())

/** Another cluster in the place of one of ours: same port, same certificate, same role and password. */
async function replaceByStranger(region: 'primary' | 'recovery', node: 'primary' | 'replica'): Promise<void> {
  const { plan, folder } = world
  const endpoint = world.endpointOf(world[node])
  const name = plan.instances[node]
  const own = join(folder, plan.regions[region], name)
  const [certificate, key] = await Promise.all(
    ['server.crt', 'server.key'].map((file) => readFile(join(own, file), 'utf8')),
  )
  for (let left = await processesIn(own); left.length > 0; left = await processesIn(own)) {
    for (const pid of left) kill(pid, 'SIGKILL')
    await sleep(50)
  }
  const elsewhere = join(folder, 'elsewhere')
  await mkdir(elsewhere)
  await chmod(elsewhere, 0o711)
  const user = databaseUser()
  const stranger = new Instance({
    name,
    folder: elsewhere,
    endpoint,
    certificate: { certificate: certificate!, key: key! },
    archive: await ownedFolder(join(elsewhere, 'archive'), user),
    binaries: await postgresBinaries(),
    user,
  })
  await stranger.initialize(plan.login('postgres'))
  await stranger.start(plan.login('postgres'))
  const owner = await connect(endpoint, plan.login('postgres'), 5000)
  try {
    const { password } = plan.login(FENCE_ROLE)
    await owner.query(`create role ${FENCE_ROLE} superuser login password ${owner.escapeLiteral(password)}`)
    await owner.query('create role clinic_app login')
  } finally {
    destroy(owner)
  }
}

const state = () =>
  withSession(world.endpointOf(world.replica), world.plan.login(FENCE_ROLE), 5000, async (client) => {
    const { rows } = await client.query<{ state: string }>(
      `select concat_ws(' ', pg_current_wal_flush_lsn() > '0/0', (select string_agg(rolname || rolcanlogin, ',' order by rolname) from pg_roles),
         (select count(*) from pg_namespace where nspname in ('clinic', 'recovery_guard'))) as state`,
    )
    return rows[0]!.state
  })

test('a database that is not ours is told by its number, and nothing is done to it', async () => {
  const replica = { region: world.plan.regions.recovery, instance: world.plan.instances.replica }
  const before = await state()
  const foreign = { failure: 'invalid', code: 'DATABASE_FOREIGN' }
  await expect(ports.inventory.describe(replica)).rejects.toMatchObject(foreign)
  await expect(ports.promotion.promote(replica, { key: 'k', backupRetentionDays: 1 })).rejects.toMatchObject(foreign)
  await expect(ports.database.closeLogins(replica)).rejects.toMatchObject(foreign)
  await expect(ports.database.proveWrite(replica, 'k')).rejects.toMatchObject(foreign)
  await expect(ports.database.openLogins(replica, 2)).rejects.toMatchObject(foreign)
  await expect(world.faults.pauseReplay()).rejects.toMatchObject(foreign)
  await expect(world.withInstance(world.replica, async () => 'reached')).rejects.toMatchObject(foreign)
  expect(await state()).toBe(before)
})
