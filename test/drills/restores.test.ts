import { MemoryWriteOnceStore } from '../../adapters/memory/write-once-store'
import { startWorld, type LocalWorld } from '../../adapters/local/world'
import { withSession } from '../../adapters/postgres/connect'
import { EvidenceChain } from '../../core/evidence'
import { newestEpoch, readEpoch } from '../../core/coordination/writer-epoch'
import { drive } from '../../core/runbook/engine'
import { pointInTimeRecovery } from '../../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../../core/runbook/point-in-time-recovery/input'
import { restoreTest } from '../../core/runbook/restore-test'
import { resolveRestoreTestInput } from '../../core/runbook/restore-test/input'
import { calmPolicy } from '../setup/calm-policy'
import { withFreePorts } from '../setup/free-ports'

jest.setTimeout(180_000)
const policy = calmPolicy()
const { pace, applicationTier } = policy.rehearsal
const BEGIN = { mode: 'drill', startedBy: 'drill' } as const

/** A world with a history, on a real PostgreSQL. */
const inWorld = async (work: (world: LocalWorld, ports: ReturnType<LocalWorld['ports']>) => Promise<void>) => {
  const world = await withFreePorts(() => startWorld({ policy, rows: 200, replication: 'async', backups: true }))
  const chain = new EvidenceChain(new MemoryWriteOnceStore(), {
    region: world.replica.region,
    writer: 'test',
    environment: 'test',
    policyHash: 'f'.repeat(64),
  })
  try {
    await work(world, world.ports(chain, { emit: () => undefined }))
  } finally {
    await world.remove()
  }
}

const writes = (world: LocalWorld) =>
  withSession(world.endpointOf(world.primary), world.plan.login('clinic_app'), 5000, async (client) => {
    await client.query('update clinic.patients set phone = phone where id = 1')
  })

test('a restore of the newest state is proved beside the database that serves, timed, and removed again', () =>
  inWorld(async (world, ports) => {
    const successor = world.spares[0]!
    const request = { reasonCode: 'RESTORE_TEST', writer: world.primary, successor, pace } as const
    const input = resolveRestoreTestInput(policy, { ...request, target: { kind: 'latest' } })
    const run = await drive(restoreTest, ports, { ...BEGIN, runId: 'test-1', input })
    expect(run).toMatchObject({ outcome: 'succeeded' })
    expect(run.steps['examine']?.output).toMatchObject({
      checks: { content: 'pass', structure: 'pass', freshness: 'pass' },
    })
    expect(await ports.inventory.describe(successor)).toBeUndefined()
    await expect(writes(world)).resolves.toBeUndefined()
    expect(newestEpoch([await readEpoch(ports.coordination.recovery)])?.epoch).toBe(1)
  }))

test('a recovery whose copy is bad too hands everything back, and the old database serves again', () =>
  inWorld(async (world, ports) => {
    // What never changes was changed before the moment that is returned to.
    await world.withInstance(world.primary, (client) =>
      client.query(`update clinic.appointments set minutes = 15 where id = (select min(id) from clinic.appointments)`),
    )
    const at = await world.withInstance(world.primary, async (client) =>
      (await client.query<{ now: Date }>('select clock_timestamp() as now')).rows[0]!.now.toISOString(),
    )
    const successor = world.spares[0]!
    const input = resolvePointInTimeInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'DRILL',
      writer: world.primary,
      successor,
      target: { kind: 'time', at },
      operation: 'automatic',
      pace,
      applicationTier,
    })
    const run = await drive(pointInTimeRecovery, ports, { ...BEGIN, runId: 'run-1', input })
    expect(run.stoppedBy).toEqual({ step: 'validate', code: 'DATA_INVALID' })
    expect(run.steps).toMatchObject({ 'claim-epoch': { status: 'undone' }, 'switch-traffic': { status: 'undone' } })
    expect(await readEpoch(ports.coordination.witness)).toMatchObject({ epoch: 3, ...holderOf(world) })
    // Until its guard has heard of it.
    await ports.clock.sleep(pace.lease.durationSeconds * 2000)
    await expect(writes(world)).resolves.toBeUndefined()
    expect(await ports.trafficSwitch.served()).toEqual(world.primary)
    // The copy's own guard runs in the same region all the while.
    await world.withInstance(successor, async (client) => {
      const { rows } = await client.query<{ open: boolean }>(
        'select clock_timestamp() <= valid_until as open from recovery_guard.lease',
      )
      expect(rows[0]!.open).toBe(false)
    })
  }))

const holderOf = ({ primary }: LocalWorld) => ({ holder: primary.region, instance: primary.instance })
