import { sha256 } from '../evidence/hash'
import type { Actor } from '../operator'
import { humanRoleName } from '../policy/names'
import type { Policy } from '../policy'
import { PortError } from '../ports/errors'
import { HUMAN_ROLE_NAMES, roleOf } from './human-roles'

/** arn:aws:sts::<account>:assumed-role/<role>/<session name> */
const ASSUMED = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/

const NAMED = /^person-([0-9a-f]{12})$/

/**
 * Who is behind the ARN of a caller. The name of the session is the person's: the roles of people are taken under no other.
 * Throws PortError('denied') for whoever took no role, or one of another account.
 */
export function actorOf(arn: string, policy: Policy): Actor {
  const [, account, taken, session] = ASSUMED.exec(arn) ?? []
  if (!taken || !session)
    throw new PortError(
      'denied',
      'ROLE_NOT_ASSUMED',
      'the credentials are of no assumed role; assume the role for this task',
    )
  const { accountId } = policy.topology
  if (account !== accountId)
    throw new PortError(
      'denied',
      'ACCOUNT_FOREIGN',
      `the credentials are of account ${account}, the environment's is ${accountId}`,
    )
  const human = HUMAN_ROLE_NAMES.find((name) => humanRoleName(policy, name) === taken)
  // A role for one task is taken by the desk alone, which has named the person.
  const named = human && roleOf(human).taken === 'elevated' ? NAMED.exec(session)?.[1] : undefined
  return { role: human ?? taken, person: named ?? sha256(`${account}/${session}`).slice(0, 12) }
}
