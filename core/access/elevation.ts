import { z } from 'zod'
import { answerApproval, decisionOn, requestApproval, type Decision } from '../coordination/approvals'
import { inEither } from '../coordination/places'
import { screenDraft } from '../evidence/screen'
import type { Actor, OperatorWorld } from '../operator'
import type { ConditionalStore } from '../ports/conditional-store'
import type { ElevatedSession, ElevatedSessions } from '../ports/elevated-sessions'
import { PortError } from '../ports/errors'
import type { EvidenceDraft } from '../ports/evidence-log'
import { demand } from './demand'
import { ELEVATED_ROLES } from './human-roles'

export interface ElevationWorld extends OperatorWorld {
  readonly sessions: ElevatedSessions
}

const elevationSchema = z.strictObject({
  id: z.string().regex(/^[\w-]{1,64}$/),
  role: z.string(),
  /** What it is for, such as the id of an incident or a ticket. No free text. */
  reference: z.string().regex(/^[\w.:/-]{1,80}$/),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** When its session began; a second opening gets what is left of it. */
  openedAt: z.iso.datetime().optional(),
})
export type Elevation = z.infer<typeof elevationSchema>

const keyOf = (id: string): string => `elevations/${id}`
const approvalOf = (id: string): string => `elevation-${id}`
const MINUTE_MS = 60_000
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, DurationSeconds. */
const SHORTEST_SESSION_MINUTES = 15

/**
 * Asks for a role for one task. The same request again changes nothing; throws PortError('denied') for a caller who may not
 * ask, ('invalid') for what is no such role, ('conflict') where the id stands for another request.
 */
export async function requestElevation(
  world: ElevationWorld,
  wanted: Pick<Elevation, 'id' | 'role' | 'reference'>,
): Promise<Elevation> {
  const { policy, places, evidence, clock, actor } = world
  demand(actor, 'ask-for-elevation')
  if (!ELEVATED_ROLES.some((role) => role === wanted.role))
    throw new PortError(
      'invalid',
      'ROLE_NOT_ELEVATED',
      `'${wanted.role}' is no role for one task; those are ${ELEVATED_ROLES.join(', ')}`,
    )
  const now = clock.now()
  const request = formOf({
    ...wanted,
    requestedBy: actor.person,
    requestedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + policy.people.elevation.requestMinutes * MINUTE_MS).toISOString(),
  })
  // Before anything is stored: what may not stand in evidence may not stand here.
  screenDraft(draftOf('requested', request, actor, now))
  const stored = await inEither(places, async (store) => {
    await store.create(keyOf(request.id), request)
    const standing = await read(store, request.id)
    if (
      standing.requestedBy !== actor.person ||
      standing.role !== request.role ||
      standing.reference !== request.reference
    )
      throw new PortError('conflict', 'ELEVATION_ID_TAKEN', `another request stands as '${request.id}'; use a new id`)
    await requestApproval(store, {
      key: approvalOf(request.id),
      kind: 'second-person',
      question: `open the role ${request.role} for ${request.reference}`,
      requestedBy: actor.person,
      expiresAt: standing.expiresAt,
    })
    return standing
  })
  await evidence.append(draftOf('requested', stored, actor, new Date(stored.requestedAt)))
  return stored
}

/** Records the answer of a second person. Throws PortError('denied') for one who may not approve, or who asked. */
export async function answerElevation(world: ElevationWorld, id: string, approve: boolean): Promise<Decision> {
  const { places, evidence, clock, actor } = world
  demand(actor, 'approve')
  const now = clock.now()
  const { elevation, decision } = await inEither(places, async (store) => ({
    elevation: await read(store, id),
    decision: await answerApproval(store, approvalOf(id), { by: actor.person, approve }, now),
  }))
  await evidence.append(draftOf(approve ? 'approved' : 'declined', elevation, actor, now))
  return decision
}

/** How a request stands, for whoever may ask or answer. */
export async function elevationStatus(
  world: ElevationWorld,
  id: string,
): Promise<Elevation & { readonly decision: Decision['kind'] }> {
  const { places, clock } = world
  return inEither(places, async (store) => {
    const elevation = await read(store, id)
    return { ...elevation, decision: (await decisionOn(store, approvalOf(id), clock.now())).kind }
  })
}

/**
 * Opens an approved role for the person who asked, for the minutes of the policy from its first opening on. Throws
 * PortError('denied') for anybody else and for what is not approved, ('conflict') when its time is over.
 */
export async function openElevation(world: ElevationWorld, id: string): Promise<ElevatedSession> {
  const { policy, places, evidence, clock, actor, sessions } = world
  demand(actor, 'ask-for-elevation')
  const now = clock.now()
  const { sessionMinutes } = policy.people.elevation
  const elevation = await inEither(places, async (store) => {
    const stored = await store.get(keyOf(id))
    const standing = await read(store, id)
    if (standing.requestedBy !== actor.person)
      throw new PortError(
        'denied',
        'ELEVATION_OF_ANOTHER',
        `somebody else asked for '${id}'; ask for a role of your own`,
      )
    const decision = await decisionOn(store, approvalOf(id), now)
    if (decision.kind !== 'approved')
      throw new PortError(
        'denied',
        'ELEVATION_NOT_APPROVED',
        `'${id}' is ${decision.kind}; a second person has to approve it`,
      )
    if (standing.openedAt) return standing
    if (standing.expiresAt <= now.toISOString())
      throw new PortError(
        'conflict',
        'ELEVATION_OVER',
        `'${id}' had to be opened until ${standing.expiresAt}; ask again`,
      )
    const opened = { ...standing, openedAt: now.toISOString() }
    if ((await store.replace(keyOf(id), opened, stored!.version)) === 'stale')
      throw new PortError('unreachable', 'ELEVATION_RACED', `'${id}' was opened at the same moment; try again`)
    return opened
  })
  const left = Math.floor((Date.parse(elevation.openedAt!) + sessionMinutes * MINUTE_MS - now.getTime()) / MINUTE_MS)
  if (left < Math.min(SHORTEST_SESSION_MINUTES, sessionMinutes))
    throw new PortError('conflict', 'ELEVATION_OVER', `'${id}' was opened at ${elevation.openedAt}; ask again`)
  // Evidence first: a role that is open without a record would be nobody's.
  await evidence.append(draftOf('opened', elevation, actor, new Date(elevation.openedAt!)))
  return sessions.open({ role: elevation.role, person: actor.person, minutes: left })
}

async function read(store: ConditionalStore, id: string): Promise<Elevation> {
  const parsed = elevationSchema.safeParse((await store.get(keyOf(id)))?.value)
  if (parsed.success) return parsed.data
  throw new PortError('conflict', 'ELEVATION_UNKNOWN', `nobody asked for anything as '${id}'`)
}

function formOf(request: Elevation): Elevation {
  const parsed = elevationSchema.safeParse(request)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map(({ path }) => path.join('.')).join(', ')
  throw new PortError(
    'invalid',
    'ELEVATION_FORM',
    `the request is not in form: ${where}; letters, digits and ._:/- only, no free text`,
  )
}

const draftOf = (event: string, elevation: Elevation, actor: Actor, at: Date): EvidenceDraft => ({
  key: `elevation/${elevation.id}/${event}/${actor.person}`,
  kind: `elevation-${event}`,
  subject: elevation.role,
  startedAt: elevation.requestedAt,
  finishedAt: at.toISOString(),
  outcome: event === 'declined' ? 'failed' : 'succeeded',
  measurements: {
    elevation: elevation.id,
    reference: elevation.reference,
    role: actor.role,
    expiresAt: elevation.expiresAt,
  },
  artefacts: [],
  controls: ['AC-07'],
  actor: `person-${actor.person}`,
})
