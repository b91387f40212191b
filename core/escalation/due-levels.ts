import { openMinutes, type Incident } from '../coordination/incidents'
import type { Policy } from '../policy'

/**
 * Levels that have to know of an incident by now. A level stays due once its time has come, so that a function that was
 * down tells it late rather than never. A level for critical incidents is due at once, and for no other.
 */
export function dueLevels(
  escalation: Policy['escalation'],
  incident: Pick<Incident, 'severity' | 'openedAt'>,
  now: Date,
): number[] {
  const minutes = openMinutes(incident, now)
  return escalation
    .filter(
      ({ fromMinutes, when }) => minutes >= fromMinutes && (when === 'by-time' || incident.severity === 'critical'),
    )
    .map(({ level }) => level)
}
