import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startWorld, type LocalWorld } from '../../adapters/local/world'
import { MemoryWriteOnceStore } from '../../adapters/memory/write-once-store'
import { FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { keepMarker } from '../../core/coordination/markers'
import { EvidenceChain } from '../../core/evidence'
import { drive } from '../../core/runbook/engine'
import { pointInTimeRecovery } from '../../core/runbook/point-in-time-recovery'
import { resolvePointInTimeInput } from '../../core/runbook/point-in-time-recovery/input'
import { resolvePolicy } from '../../policy'
import { withFreePorts } from '../setup/free-ports'
import { recovery } from './recovery'

jest.setTimeout(180_000)
const policy = resolvePolicy('test')
const { pace, applicationTier } = policy.rehearsal
let folder: string
let world: LocalWorld
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marker-'))
  world = await withFreePorts(() => startWorld({ policy, rows: 200, replication: 'async', backups: true }))
})
afterAll(async () => {
  await world?.remove()
  await rm(folder, { recursive: true, force: true })
})

const common = () => ['--target', 'local', '--environment', 'test', '--folder', folder, '--as', 'operator/one']
const set = (...more: string[]) => recovery('marker', 'set', ...more, ...common())
const databaseFile = async () => {
  const path = join(folder, 'database.json')
  await writeFile(
    path,
    JSON.stringify({ endpoint: world.endpointOf(world.primary), login: world.plan.login(FENCE_ROLE) }),
  )
  return path
}
const portsOf = () =>
  world.ports(
    new EvidenceChain(new MemoryWriteOnceStore(), {
      region: world.replica.region,
      writer: 'test',
      environment: 'test',
      policyHash: 'f'.repeat(64),
    }),
    { emit: () => undefined },
  )

const book = (purpose: string) =>
  world.withInstance(world.primary, (client) =>
    client.query(`insert into clinic.consents (patient_id, purpose, given_at) values (1, $1, now())`, [purpose]),
  )
const recoverTo = async (name: string, successor: LocalWorld['primary']) => {
  const input = resolvePointInTimeInput(policy, {
    incidentId: 'incident-1',
    reasonCode: 'DRILL',
    writer: world.primary,
    successor,
    target: { kind: 'marker', name },
    operation: 'automatic',
    pace,
    applicationTier,
  })
  return drive(pointInTimeRecovery, portsOf(), { runId: `run-${name}`, mode: 'drill', startedBy: 'test', input })
}

test('a marker of the command line is a named point of the log, and a recovery returns to exactly what was before it', async () => {
  await book('before the release')
  const { code, out } = await set('release-7', '--database', await databaseFile(), '--json')
  expect(code).toBe(0)
  const marked = JSON.parse(out) as { at: string; position: string }
  expect(marked.position).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
  await book('after the release')
  // A name that only the coordination of both places knows, a moment later.
  await keepMarker(portsOf().coordination, { name: 'known-elsewhere', at: marked.at })
  expect(await recoverTo('nobody-set-it', world.spares[0]!)).toMatchObject({
    stoppedBy: { step: 'decide', code: 'TARGET_UNKNOWN' },
  })

  const run = await recoverTo('known-elsewhere', world.spares[0]!)
  expect(run).toMatchObject({ outcome: 'succeeded', steps: { decide: { output: { at: marked.at } } } })
  const held = await world.withInstance(world.spares[0]!, async (client) => {
    const { rows } = await client.query<{ purpose: string }>(
      `select purpose from clinic.consents where purpose like '%the release'`,
    )
    return rows.map(({ purpose }) => purpose)
  })
  expect(held).toEqual(['before the release'])
})

test('what names no database of this machine, and what is out of form, is refused with what to do', async () => {
  const elsewhere = join(folder, 'elsewhere.json')
  await writeFile(elsewhere, JSON.stringify({ endpoint: { host: '10.0.0.1' } }))
  const refused = await set('release-8', '--database', elsewhere)
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('names no database of this machine')
  expect((await set('release 8')).code).toBe(1)
  expect(
    (await recovery('marker', 'set', 'x', '--target', 'aws', '--environment', 'test', '--database', 'f')).err,
  ).toContain('RDS restores by time alone')
})
