import type { Clock } from '../ports/clock'
import type { ConditionalStore } from '../ports/conditional-store'
import { isPortError, PortError } from '../ports/errors'
import type { EvidenceLog } from '../ports/evidence-log'
import { closeIncident, openMinutes, type Incident } from './incidents'
import { inBoth, type Places } from './places'

export interface ClosingWorld {
  readonly places: Places
  readonly evidence: EvidenceLog
  readonly clock: Clock
}

export interface Resolution {
  readonly incident: string
  readonly closedBy: string
  /** Code of the cause that was found. */
  readonly causeCode: string
}

/**
 * Closes an incident in whichever place holds it and leaves the record from which the time to recovery is taken.
 * Throws PortError('conflict') where no place that answers holds it.
 */
export async function resolveIncident(
  { places, evidence, clock }: ClosingWorld,
  { incident: id, closedBy, causeCode }: Resolution,
): Promise<{ readonly incident: string; readonly closedAt: string }> {
  const at = clock.now()
  const [closed] = (await inBoth(places, (store) => closedIn(store, id, at))).flat()
  if (!closed) throw new PortError('conflict', 'INCIDENT_UNKNOWN', `there is no incident '${id}' to close`)
  const closedAt = closed.closedAt!
  await evidence.append({
    key: `incident/${id}/closed`,
    kind: 'incident-closed',
    subject: closed.scenario,
    startedAt: closed.openedAt,
    finishedAt: closedAt,
    outcome: 'succeeded',
    measurements: {
      incident: id,
      cause: causeCode,
      severity: closed.severity,
      openMinutes: Math.round(openMinutes(closed, new Date(closedAt))),
    },
    artefacts: [],
    controls: ['RECOVERY-TIME'],
    actor: closedBy,
  })
  return { incident: id, closedAt }
}

async function closedIn(store: ConditionalStore, id: string, at: Date): Promise<Incident[]> {
  try {
    return [await closeIncident(store, id, at)]
  } catch (error) {
    if (isPortError(error) && error.code === 'INCIDENT_UNKNOWN') return []
    throw error
  }
}
