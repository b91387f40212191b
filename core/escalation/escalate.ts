import { changeIncident, openIncidents, openMinutes, type Incident } from '../coordination/incidents'
import { inBoth, type Places } from '../coordination/places'
import type { Policy } from '../policy'
import type { Clock } from '../ports/clock'
import type { ConditionalStore } from '../ports/conditional-store'
import { levelAudience, type Notice, type Notifier } from '../ports/notifier'
import { dueLevels } from './due-levels'

export interface EscalationWorld {
  readonly policy: Policy
  readonly places: Places
  readonly notifier: Notifier
  readonly clock: Clock
}

export interface Escalated {
  readonly open: number
  /** Levels told in this round, over all incidents. */
  readonly told: number
  /** Levels that could not be told; the next round tries again. */
  readonly failed: number
  /** Places that could not be read for incidents; one of two, since with both away nothing is known at all. */
  readonly placesAway: number
  /** Incidents that are open because a rule is violated. */
  readonly openViolations: number
  /** Age of the oldest critical incident that is open; minutes, 0 where there is none. */
  readonly oldestCriticalMinutes: number
}

/**
 * Tells every level that has to know of an open incident by now and does not yet. Runs in both regions: a level is claimed
 * before it is told, so that one of them tells it; a claim that was left half done is taken over after a while, so that a
 * level is told twice at worst and never not at all.
 */
export async function escalate(world: EscalationWorld): Promise<Escalated> {
  const { policy, places, clock } = world
  const read = await inBoth(places, async (store) =>
    (await openIncidents(store)).map((incident) => ({ store, incident })),
  )
  const held = read.flat()
  const now = clock.now()
  let told = 0
  let failed = 0
  for (const { store, incident } of held)
    for (const level of dueLevels(policy.escalation, incident, now)) {
      const outcome = await tell(world, store, incident, level)
      if (outcome === 'told') told += 1
      if (outcome === 'failed') failed += 1
    }
  const critical = held.filter(({ incident }) => incident.severity === 'critical')
  return {
    open: held.length,
    told,
    failed,
    openViolations: held.filter(({ incident }) => incident.scenario === 'compliance-violation').length,
    placesAway: Object.keys(places).length - read.length,
    oldestCriticalMinutes: Math.max(0, ...critical.map(({ incident }) => openMinutes(incident, now))),
  }
}

async function tell(
  { policy, notifier, clock }: EscalationWorld,
  store: ConditionalStore,
  { id }: Incident,
  level: number,
): Promise<'told' | 'known' | 'failed'> {
  const now = clock.now()
  const patienceMs = policy.operations.incidents.notifyAgainMinutes * 60_000
  const claimed = await changeIncident(store, id, (incident) => {
    const held = incident.notified?.[level]
    const isTaken = held && (held.sentAt || now.getTime() - Date.parse(held.claimedAt) < patienceMs)
    return incident.closedAt || isTaken ? undefined : noting(incident, level, { claimedAt: now.toISOString() })
  })
  if (!claimed) return 'known'
  try {
    await notifier.notify(levelAudience(level), noticeOf(claimed, level))
  } catch {
    // The claim stands and runs out; the other levels are told now.
    return 'failed'
  }
  const sent = { claimedAt: now.toISOString(), sentAt: clock.now().toISOString() }
  await changeIncident(store, id, (incident) => noting(incident, level, sent))
  return 'told'
}

const noting = (
  incident: Incident,
  level: number,
  notification: NonNullable<Incident['notified']>[string],
): Incident => ({ ...incident, notified: { ...incident.notified, [level]: notification } })

const noticeOf = (incident: Incident, level: number): Notice => ({
  subject: `[${incident.severity}] ${incident.scenario}, level ${level}`,
  lines: [
    `Incident: ${incident.id}`,
    `Severity: ${incident.severity}`,
    `Since: ${incident.openedAt}`,
    `Reason: ${incident.reasonCode}`,
    `What to do: docs/runbooks/${incident.guide}`,
  ],
})
