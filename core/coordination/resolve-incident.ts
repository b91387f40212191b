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

export interface Resolved {
  readonly incident: string
  readonly closedAt: string
  /** Places that did not answer: the incident may stand open there, and has to be closed once more when they do. */
  readonly placesAway: number
}

/**
 * Closes an incident in whichever place holds it and leaves the record from which the time to recovery is taken. Throws
 * PortError('conflict') where neither place holds it, ('unreachable') where one of them could not be asked.
 */
export async function resolveIncident(
  { places, evidence, clock }: ClosingWorld,
  { incident: id, closedBy, causeCode }: Resolution,
): Promise<Resolved> {
  const at = clock.now()
  const answers = await inBoth(places, (store) => closedIn(store, id, at))
  const placesAway = Object.keys(places).length - answers.length
  const [closed] = answers.flat()
  if (!closed && placesAway > 0)
    throw new PortError(
      'unreachable',
      'INCIDENT_PLACE_AWAY',
      `'${id}' is not where an answer came from, and the other place gives none; try again`,
    )
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
  return { incident: id, closedAt, placesAway }
}

async function closedIn(store: ConditionalStore, id: string, at: Date): Promise<Incident[]> {
  try {
    return [await closeIncident(store, id, at)]
  } catch (error) {
    if (isPortError(error) && error.code === 'INCIDENT_UNKNOWN') return []
    throw error
  }
}
