import { keepMarker } from '../../coordination/markers'
import { PortError } from '../../ports/errors'
import { usual, type RollbackStep } from './input'

/** To what the data can return, whatever the rollback does to it. */
export const recoveryPoint: RollbackStep = {
  ...usual,
  id: 'recovery-point',
  title: 'Mark the moment before the rollback',
  byHand: 'Set a marker, and note its name in the incident: a recovery can return to it.',
  privilege: 'deploy',
  begin: async ({ ports, outputs, runId, lastAttempt }) => {
    const { at, position } = outputs['position'] as { readonly at: string; readonly position: string | null }
    const name = markerOf(runId)
    const { placesAway } = await keepMarker(ports.coordination, { name, at, ...(position !== null && { position }) })
    if (placesAway > 0 && !lastAttempt)
      throw new PortError('unreachable', 'MARKER_IN_ONE_PLACE', 'one place did not answer; set the marker again')
    return { kind: 'done', output: { marker: name, at, position, placesAway } }
  },
  preview: async ({ runId }) => ({ wouldMark: markerOf(runId) }),
  undo: { none: 'a marker harms nobody' },
}

/** Names of markers have 64 characters. */
export const markerOf = (runId: string): string => `before-${runId}`.replaceAll(/[^\w.-]/g, '-').slice(0, 64)
