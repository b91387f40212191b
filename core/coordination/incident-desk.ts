import { demand } from '../access/demand'
import type { OperatorWorld } from '../operator'
import { openIncidents, openMinutes, type Incident } from './incidents'
import { inBoth } from './places'
import { resolveIncident, type Resolved } from './resolve-incident'

/** An open incident as a person sees it: ids and codes, no free text. */
export type IncidentSummary = Pick<Incident, 'id' | 'scenario' | 'severity' | 'reasonCode' | 'guide' | 'openedAt'> & {
  readonly openMinutes: number
}

/** Incidents that nobody has closed, oldest first, wherever they are held. */
export async function incidentsAtDesk(world: OperatorWorld): Promise<{ readonly open: readonly IncidentSummary[] }> {
  const { places, clock, actor } = world
  demand(actor, 'see-state')
  const held = (await inBoth(places, openIncidents)).flat()
  const now = clock.now()
  const open = [...new Map(held.map((incident) => [incident.id, incident])).values()]
    .toSorted((a, b) => a.openedAt.localeCompare(b.openedAt))
    .map(({ id, scenario, severity, reasonCode, guide, openedAt }) => ({
      id,
      scenario,
      severity,
      reasonCode,
      guide,
      openedAt,
      openMinutes: Math.round(openMinutes({ openedAt }, now)),
    }))
  return { open }
}

/** Closes an incident for the person who asks: nobody says of himself who he is. Throws PortError('denied') for whoever may not. */
export async function closeAtDesk(
  world: OperatorWorld,
  { id, causeCode }: { readonly id: string; readonly causeCode: string },
): Promise<Resolved> {
  demand(world.actor, 'close-incidents')
  return resolveIncident(world, { incident: id, closedBy: `person-${world.actor.person}`, causeCode })
}
