import { activityDue, type CalendarWorld, type Due } from '../calendar/activity-due'
import { humanRoleName } from '../policy/names'
import type { AccountAccess } from '../ports/account-access'
import { isPortError } from '../ports/errors'
import { HUMAN_ROLE_NAMES, roleOf } from './human-roles'
import { REVIEW_FINDINGS, reviewAccess, type ReviewFinding, type RoleUse } from './review'

export interface ReviewWorld extends CalendarWorld {
  readonly account: AccountAccess
}

/**
 * Looks through the access to the account, records what has to be questioned, and opens the task in which a person attests
 * that it was. Repeating it records and opens once.
 */
export async function openReview(
  world: ReviewWorld,
  due: Due,
): Promise<{ readonly task: string; readonly findings: readonly ReviewFinding[] }> {
  const { policy, account, evidence, clock } = world
  const [report, roles] = await Promise.all([account.credentialReport(), rolesOf(world)])
  const findings = reviewAccess(policy, report, roles, clock.now())
  await evidence.append({
    key: `access-review/${due.at.toISOString()}`,
    kind: 'access-review',
    subject: due.activity,
    startedAt: due.at.toISOString(),
    finishedAt: clock.now().toISOString(),
    // Something to question is what a review is for; whether it was answered is attested.
    outcome: 'succeeded',
    // It looked at one account; where people have their users, somebody else looks, and the attestation covers both.
    measurements: {
      findings: findings.length,
      lookedAt: `account-${policy.topology.accountId}`,
      usersElsewhere: policy.people.identity.from,
      reviewedThereBy: policy.people.review.elsewhere,
      ...countsOf(findings),
    },
    artefacts: [],
    controls: ['AC-08'],
    actor: 'access-review',
  })
  const { task } = await activityDue(world, due)
  return { task, findings }
}

const countsOf = (findings: readonly ReviewFinding[]): Record<string, number> =>
  Object.fromEntries(
    Object.keys(REVIEW_FINDINGS).map((code) => [code, findings.filter((finding) => finding.code === code).length]),
  )

/** Roles that are taken often are unused when nobody took them; those for one task and the last resort may rest. */
async function rolesOf({ policy, account }: ReviewWorld): Promise<RoleUse[]> {
  const standing = HUMAN_ROLE_NAMES.filter((name) => roleOf(name).taken === 'standing')
  return Promise.all(
    standing.map(async (name) => {
      const role = humanRoleName(policy, name)
      try {
        return { role, lastUsed: await account.roleLastUsed(role) }
      } catch (error) {
        if (isPortError(error) && error.failure === 'conflict') return { role, lastUsed: 'missing' as const }
        throw error
      }
    }),
  )
}
