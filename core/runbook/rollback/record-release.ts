import { versionsInForce } from '../../release/look-at-platform'
import type { Release } from '../../release/release'
import type { StepContext } from '../model'
import { usual, type RollbackInput, type RollbackStep } from './input'
import { recordReturn, releasesOnRecord } from './on-record'
import { planOf, requiredPlan } from './planned'
import { illComponents } from './wellness'

/** What is in force now is a release of its own, so that the next one has something to go back to. */
export const recordRelease: RollbackStep = {
  ...usual,
  id: 'record-release',
  title: 'Record what is in force as a release',
  byHand:
    'Record a release with the versions that are in force, and which release it goes back to: `recovery release record`.',
  privilege: 'deploy',
  begin: async (context) => {
    const { sequence } = await recordReturn(context.ports.coordination, await draftOf(context))
    return { kind: 'done', output: { sequence } }
  },
  preview: async (context) => ({ wouldRestore: planOf(context)?.to ?? null }),
  undo: { none: 'a release that stands is never changed' },
}

async function draftOf(context: StepContext<RollbackInput>): Promise<Omit<Release, 'sequence'>> {
  const { ports, input, outputs, run, runId } = context
  const { to } = requiredPlan(context)
  const { marker } = outputs['recovery-point'] as { readonly marker: string }
  const onRecord = await releasesOnRecord(ports.coordination, input.environment)
  const restored = onRecord.find(({ sequence }) => sequence === to)
  const inForce = await versionsInForce(ports.deployments, input.components)
  const ill = await illComponents(ports, input)
  return {
    tag: restored!.tag,
    environment: input.environment,
    components: Object.fromEntries(
      Object.entries(inForce).flatMap(([name, version]) => (version === null ? [] : [[name, version]])),
    ),
    health: ill.length === 0 ? 'healthy' : 'unhealthy',
    recoveryPoint: marker,
    actor: runId,
    // When the run began: the same record however often it is tried.
    recordedAt: run.startedAt,
    restores: to,
  }
}
