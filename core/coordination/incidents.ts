import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'

/** Why recovery acts: opened by a detector or a person, closed once. Its free text stays here; evidence keeps the code. */
export interface Incident {
  readonly id: string
  readonly scenario: string
  readonly reasonCode: string
  readonly openedBy: string
  readonly openedAt: string
  readonly closedAt?: string
}

const keyOf = (id: string): string => `incidents/${id}`

/** Opens the incident; opened again under the same id, the first record stands and is returned. */
export async function openIncident(store: ConditionalStore, incident: Omit<Incident, 'closedAt'>): Promise<Incident> {
  const written = await store.create(keyOf(incident.id), { ...incident })
  return written === 'created' ? incident : read(store, incident.id)
}

/** Closes the incident; a closed one keeps its first time. Throws PortError('conflict') where there is none. */
export async function closeIncident(store: ConditionalStore, id: string, at: Date): Promise<Incident> {
  const stored = await store.get(keyOf(id))
  if (!stored) throw unknown(id)
  const incident = stored.value as unknown as Incident
  if (incident.closedAt) return incident
  const closed: Incident = { ...incident, closedAt: at.toISOString() }
  const written = await store.replace(stored.key, { ...closed }, stored.version)
  return written === 'replaced' ? closed : read(store, id)
}

async function read(store: ConditionalStore, id: string): Promise<Incident> {
  const stored = await store.get(keyOf(id))
  if (!stored) throw unknown(id)
  return stored.value as unknown as Incident
}

const unknown = (id: string): PortError =>
  new PortError('conflict', 'INCIDENT_UNKNOWN', `there is no incident '${id}'; open it first`)
