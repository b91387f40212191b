import { EvidenceChain } from '../../../core/evidence'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { startWorld, type LocalWorld } from '../../../adapters/local/world'
import { setMarker } from '../../../adapters/postgres/moment'
import type { Ports } from '../../../core/ports'
import type { InstanceRef } from '../../../core/ports/database'
import { resolvePolicy } from '../../../policy'
import { describeRestore } from '../../contracts/restore'
import { withFreePorts } from '../../setup/free-ports'

jest.setTimeout(120_000)
const policy = resolvePolicy('test')

describeRestore('base backup and archived log', async () => {
  const world = await withFreePorts(() => startWorld({ policy, rows: 100, replication: 'async', backups: true }))
  const ports = portsOf(world)
  const onPrimary = <T>(sql: string) =>
    world.withInstance(world.primary, async (client) => (await client.query<T & object>(sql)).rows[0]!)
  return {
    ports,
    source: world.primary,
    without: world.replica,
    spares: [world.spares[0]!, world.spares[1]!],
    mark: async (name) => {
      await world.withInstance(world.primary, (client) => setMarker(client, name))
      return (
        await onPrimary<{ at: Date }>(`select set_at as at from recovery_guard.marker where name = '${name}'`)
      ).at.toISOString()
    },
    commit: async () => {
      const { id } = await onPrimary<{ id: string }>('select pg_current_xact_id()::text as id')
      const { at } = await onPrimary<{ at: Date }>(`select pg_xact_commit_timestamp('${id}'::xid) as at`)
      return { id, at: at.toISOString() }
    },
    // A restore ships what is committed by then.
    ship: async () => undefined,
    acceptsWrites: (ref) => takesWrites(world, ref),
    remove: () => world.remove(),
  }
})

/** Whether the application's own role could write now. */
async function takesWrites(world: LocalWorld, ref: InstanceRef): Promise<boolean> {
  return world.withInstance(ref, async (client) => {
    const { rows } = await client.query<{ open: boolean }>(
      `select clock_timestamp() <= valid_until and (select rolcanlogin from pg_roles where rolname = 'clinic_app') as open from recovery_guard.lease`,
    )
    return rows[0]!.open
  })
}

function portsOf(world: LocalWorld): Ports {
  const chain = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: world.replica.region,
    writer: 'test',
    environment: 'test',
    policyHash: 'f'.repeat(64),
  })
  return world.ports(chain, { emit: () => undefined })
}
