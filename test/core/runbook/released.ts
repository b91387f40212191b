import { MemoryWorld, PRIMARY } from '../../../adapters/memory/world'
import type { Release } from '../../../core/release/release'
import type { WantedRollback } from '../../../core/release/wanted-rollback'
import type { NewRun } from '../../../core/runbook/reducer'
import type { RollbackInput } from '../../../core/runbook/rollback/input'
import { resolveRollback, type RollbackRequest } from '../../../core/runbook/rollback/resolve'
import { resolvePolicy } from '../../../policy'

export const policy = resolvePolicy('test')
export const { components } = policy.releases
const NAMES = components.map(({ name }) => name)

/** Versions of every component, all of one name. */
export const versionsOf = (version: string): Record<string, string> =>
  Object.fromEntries(NAMES.map((name) => [name, `${name}-${version}`]))

/** The record of a release. */
export const release = (sequence: number, change: Partial<Release> = {}): Release => ({
  sequence,
  tag: `v1.${sequence}.0`,
  environment: policy.environment,
  components: versionsOf(String(sequence)),
  health: 'healthy',
  recoveryPoint: `before-v1.${sequence}.0`,
  actor: 'a1b2c3d4e5f6',
  recordedAt: '2026-01-01T00:00:00.000Z',
  ...change,
})

/** Puts a record where the runbook reads it, in both places. */
export async function record({ stores }: MemoryWorld, kept: Release): Promise<void> {
  const key = `releases/${kept.environment}/${String(kept.sequence).padStart(8, '0')}`
  for (const place of ['recovery', 'witness'] as const) await stores[place].create(key, { ...kept })
}

/** A platform on which two releases went out; the second one is bad, and has changed every component. */
export async function releasedWorld(): Promise<MemoryWorld> {
  const around = await new MemoryWorld({ lease: policy.pace.lease, promotionSeconds: 0, ttlSeconds: 1 }).start()
  around.deployments.components = components
  for (const sequence of [1, 2]) {
    for (const [name, version] of Object.entries(versionsOf(String(sequence))))
      around.deployments.deploy(name, version, name === 'schema' && sequence === 2 ? NOTES : [])
    await record(around, release(sequence))
  }
  return around
}

/** What clients wrote that only the newer schema has a place for. */
const NOTES = [{ table: 'clinic.notes', rows: 3, how: 'kept', where: 'clinic.notes_2' }] as const

/** A rollback as the policy wants it, by somebody who is not the one who approves. */
export const rollbackRun = (
  wanted: WantedRollback = { type: 'full' },
  change: Partial<RollbackRequest> = {},
): NewRun<RollbackInput> => ({
  runId: 'run-1',
  mode: 'real',
  startedBy: 'operator',
  input: resolveRollback(policy, {
    incidentId: 'incident-1',
    reasonCode: 'RELEASE_ILL',
    wanted,
    writer: PRIMARY,
    operation: 'automatic',
    // What is watched for long is only looked at more often.
    pace: { healthySeconds: 20, monitorSeconds: 15 },
    ...change,
  }),
})
