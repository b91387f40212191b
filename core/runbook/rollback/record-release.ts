import { PortError } from '../../ports/errors'
import { healthOf } from '../../release/in-force'
import { isMoving, versionsInForce } from '../../release/look-at-platform'
import { recordRelease, releaseAt, type ReleaseDraft } from '../../release/registry'
import type { StepContext } from '../model'
import { usual, type RollbackInput, type RollbackStep } from './input'
import { planOf, requiredPlan } from './planned'

/** What is in force now is a release of its own, so that the next one has something to go back to. */
export const recordReturn: RollbackStep = {
  ...usual,
  id: 'record-release',
  title: 'Record what is in force as a release',
  byHand:
    'Record a release with the versions that are in force, and which release it goes back to: `recovery release record`.',
  privilege: 'deploy',
  begin: async (context) => {
    const { release, placesAway } = await recordRelease(context.ports.coordination, await draftOf(context))
    if (placesAway > 0 && !context.lastAttempt)
      throw new PortError('unreachable', 'RELEASE_IN_ONE_PLACE', 'one place did not answer; record the release again')
    return { kind: 'done', output: { sequence: release.sequence } }
  },
  preview: async (context) => ({ wouldRestore: planOf(context)?.to ?? null }),
  undo: { none: 'a release that stands is never changed' },
}

async function draftOf(context: StepContext<RollbackInput>): Promise<ReleaseDraft> {
  const { ports, input, outputs, run, runId } = context
  const { to } = requiredPlan(context)
  const { marker } = outputs['recovery-point'] as { readonly marker: string }
  const restored = await releaseAt(ports.coordination, input.environment, to)
  if (!restored)
    throw new PortError('conflict', 'RELEASE_UNKNOWN', `release ${to} of '${input.environment}' is on record no more`)
  const inForce = await versionsInForce(ports.deployments, input.components)
  return {
    tag: restored.tag,
    ...(restored.commit !== undefined && { commit: restored.commit }),
    environment: input.environment,
    components: Object.fromEntries(
      // What somebody has on its way meanwhile is of no release: nobody could ever put it back.
      Object.entries(inForce).flatMap(([name, version]) =>
        version === null || isMoving(version) ? [] : [[name, version]],
      ),
    ),
    health: await healthOf(ports.deployments, input.components),
    recoveryPoint: marker,
    actor: runId,
    // When the run began: the same record however often it is tried.
    recordedAt: run.startedAt,
    restores: to,
  }
}
