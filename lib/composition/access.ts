import type { IPrincipal } from 'aws-cdk-lib/aws-iam'
import { HUMAN_ROLE_NAMES, PRIVILEGES, roleOf, type HumanRoleName } from '../../core/access/human-roles'
import { hasRecoveryRegion } from '../../core/policy'
import { DESK_FUNCTION } from '../../lambda/contract'
import { functionsOf } from '../functions'
import { elevatedTrust, sealedTrust, standingTrust } from '../human-trust'
import type { DataRegionRole } from '../names'
import { statementsOf } from '../privileges'
import { AccessStack, type PeopleRole } from '../stacks/access-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The roles of people, once for the account: in the recovery region, where they are needed while the primary one is dark. */
export function access(region: Region<DataRegionRole>, { keys }: Foundation): void {
  const { names, role, policy } = region
  if (role !== names.accessRole) return
  new AccessStack(region.stage, `access-${role}`, {
    ...region.stack('access'),
    contracts: functionsOf(policy).flatMap(([kind, contracts]) => (kind === 'access' ? contracts : [])),
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    roles: HUMAN_ROLE_NAMES.flatMap((name) => {
      const takenBy = trustOf(region, name)
      if (!takenBy) return []
      const made = putTogether(region, name, takenBy)
      // A role that a topology leaves nothing to do is no role.
      return made.statements.length > 0 ? [made] : []
    }),
  })
}

function putTogether({ names, policy }: Region<DataRegionRole>, name: HumanRoleName, takenBy: IPrincipal): PeopleRole {
  const { does } = roleOf(name)
  return {
    name,
    roleName: names.humanRole(name),
    description: `${does.map((privilege) => PRIVILEGES[privilege]).join('; ')}.`,
    takenBy,
    statements: does.flatMap((privilege) => statementsOf(privilege, { policy, names })),
  }
}

/** Undefined for a role that the policy, or a topology of one region, does not have. */
function trustOf({ names, policy }: Region<DataRegionRole>, name: HumanRoleName): IPrincipal | undefined {
  const { taken } = roleOf(name)
  const { breakGlass } = policy.people
  if (taken === 'standing') return standingTrust(policy, name)
  if (taken === 'break-glass') return breakGlass.mode === 'none' ? undefined : sealedTrust(policy, breakGlass.userName)
  // Requests and approvals stand in the coordination tables; where there are none, nobody is elevated.
  return hasRecoveryRegion(policy) ? elevatedTrust(names.roleArnOf(DESK_FUNCTION, 'recovery')) : undefined
}
