import { demand } from '../access/demand'
import { screenDraft } from '../evidence/screen'
import type { Actor, OperatorWorld } from '../operator'
import type { EvidenceDraft } from '../ports/evidence-log'
import type { Marking } from '../ports/marking'
import { keepMarker, type Marker } from './markers'

export interface MarkerDeskWorld extends OperatorWorld {
  /** @default the desk's own clock: what a region keeps of history goes by time */
  readonly marking?: Marking
}

/**
 * Sets a marker for a person, with evidence. The same name again moves its mark; a recovery that was asked for with the old one
 * is not carried out. Throws PortError('denied') for whoever may not.
 */
export async function markAtDesk(
  world: MarkerDeskWorld,
  name: string,
): Promise<Marker & { readonly placesAway: number }> {
  const { places, evidence, clock, actor, marking } = world
  demand(actor, 'start-runbooks')
  // Before anything is set: a name that says too much may stand nowhere.
  screenDraft(draftOf({ name, at: clock.now().toISOString() }, actor))
  const marker: Marker = { name, ...(marking ? await marking.mark(name) : { at: clock.now().toISOString() }) }
  const { placesAway } = await keepMarker(places, marker)
  await evidence.append(draftOf(marker, actor))
  return { ...marker, placesAway }
}

const draftOf = ({ name, at, position, transaction }: Marker, actor: Actor): EvidenceDraft => ({
  key: `marker/${name}/${at}`,
  kind: 'marker-set',
  subject: 'marker',
  startedAt: at,
  finishedAt: at,
  outcome: 'succeeded',
  measurements: {
    marker: name,
    at,
    position: position ?? null,
    transaction: transaction ?? null,
    role: actor.role,
  },
  artefacts: [],
  controls: ['RTO-DATA-RECOVERY'],
  actor: `person-${actor.person}`,
})
