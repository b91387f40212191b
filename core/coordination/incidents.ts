import type { Severity } from '../detection/scenarios'
import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'

/** Why recovery acts: opened by a detector or a person, closed once. Its free text stays here; evidence keeps the code. */
export interface Incident {
  readonly id: string
  readonly scenario: string
  readonly severity: Severity
  readonly reasonCode: string
  /** In the words of whoever acts, screened for what names a person. @default nobody has said it */
  readonly reason?: string
  /** Where a person reads what to do, below docs/runbooks. */
  readonly guide: string
  readonly openedBy: string
  readonly openedAt: string
  readonly closedAt?: string
  /** Levels of the escalation that are being told or have been told. @default nobody yet */
  readonly notified?: Readonly<Record<string, Notification>>
}

/** Somebody has begun to tell a level, and has told it once `sentAt` stands. */
export interface Notification {
  readonly claimedAt: string
  readonly sentAt?: string
}

/** How long an incident has been open; minutes, never below zero: clocks of two regions differ a little. */
export const openMinutes = ({ openedAt }: Pick<Incident, 'openedAt'>, now: Date): number =>
  Math.max(0, (now.getTime() - Date.parse(openedAt)) / 60_000)

const PREFIX = 'incidents/'
const keyOf = (id: string): string => `${PREFIX}${id}`

/**
 * Opens the incident; opened again under the same id, the record that stands open is returned. What was closed is over and
 * tells nobody any more, so that the same noticed once more is an incident of its own, `<id>-2` and so on: told twice at
 * worst, where a notice was late, and never not at all.
 */
export async function openIncident(store: ConditionalStore, incident: Omit<Incident, 'closedAt'>): Promise<Incident> {
  for (let nth = 1; ; nth += 1) {
    const wanted = nth === 1 ? incident : { ...incident, id: `${incident.id}-${nth}` }
    if ((await store.create(keyOf(wanted.id), asJson(wanted))) === 'created') return wanted
    const standing = await existing(store, wanted.id)
    if (!standing.closedAt) return standing
  }
}

/** Closes the incident; a closed one keeps its first time. Throws PortError('conflict') where there is none. */
export async function closeIncident(store: ConditionalStore, id: string, at: Date): Promise<Incident> {
  const closed = await changeIncident(store, id, (incident) =>
    incident.closedAt ? undefined : { ...incident, closedAt: at.toISOString() },
  )
  return closed ?? existing(store, id)
}

/** Incidents that nobody has closed, oldest key first. */
export async function openIncidents(store: ConditionalStore): Promise<Incident[]> {
  const open: Incident[] = []
  for await (const { value } of store.list(PREFIX)) {
    const incident = value as unknown as Incident
    if (!incident.closedAt) open.push(incident)
  }
  return open
}

/**
 * Writes a change on top of the record it was made from, again on a newer one where somebody was quicker. Undefined where
 * `change` sees nothing to do. Throws PortError('conflict') where there is no such incident.
 */
export async function changeIncident(
  store: ConditionalStore,
  id: string,
  change: (incident: Incident) => Incident | undefined,
): Promise<Incident | undefined> {
  for (;;) {
    const stored = await store.get(keyOf(id))
    if (!stored) throw unknown(id)
    const changed = change(stored.value as unknown as Incident)
    if (!changed) return undefined
    if ((await store.replace(stored.key, asJson(changed), stored.version)) === 'replaced') return changed
  }
}

/** The incident as it stands; undefined where there is none. */
export async function incidentUnder(store: ConditionalStore, id: string): Promise<Incident | undefined> {
  return (await store.get(keyOf(id)))?.value as unknown as Incident | undefined
}

async function existing(store: ConditionalStore, id: string): Promise<Incident> {
  const found = await incidentUnder(store, id)
  if (!found) throw unknown(id)
  return found
}

const asJson = (incident: Incident): Json => ({ ...incident }) as unknown as Json

const unknown = (id: string): PortError =>
  new PortError('conflict', 'INCIDENT_UNKNOWN', `there is no incident '${id}'; open it first`)
