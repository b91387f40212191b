import { hasRecoveryRegion, type Policy } from '../core/policy'
import { levelAudience, ownerAudience, type Audience } from '../core/ports/notifier'
import type { RegionRole } from './names'

/** An audience with the addresses behind it. */
export interface Recipients {
  readonly audience: Audience
  readonly emails: readonly string[]
}

/** Region from which the activities of the calendar come due: one, so that nobody is reminded twice. */
export const CALENDAR_ROLE = 'recovery' satisfies RegionRole

/** Who can be told in a region: the levels of the escalation in order, and where the calendar runs whoever owns an activity. */
export function audiencesOf(policy: Policy, role: RegionRole): readonly Recipients[] {
  const { escalation, contacts, calendar } = policy
  const known = [...contacts.primary, ...contacts.external]
  const emailsOf = (roles: readonly string[]) =>
    known.filter((contact) => roles.includes(contact.role)).map(({ email }) => email)
  const levels = escalation
    .toSorted((a, b) => a.level - b.level)
    .map(({ level, notify }) => ({ audience: levelAudience(level), emails: emailsOf(notify) }))
  if (role !== CALENDAR_ROLE || !hasRecoveryRegion(policy)) return levels
  const owners = [...new Set(calendar.activities.map(({ owner }) => owner))]
  return [...levels, ...owners.map((owner) => ({ audience: ownerAudience(owner), emails: emailsOf([owner]) }))]
}
