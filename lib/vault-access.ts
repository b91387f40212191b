import type { Policy } from '../core/policy'
import { exceptionsOf, type VaultAccess } from './constructs/vault-access-policy'
import type { DataRegionRole, Names } from './names'

/** Who may do to the vaults of a region what the policy lets nobody else do. */
export const vaultAccess = (names: Names, role: DataRegionRole, { backup }: Policy): VaultAccess => ({
  deploymentRoleArn: names.deploymentRoleArn(role),
  ...(backup.vaultAccess.mode === 'break-glass' && { breakGlassRoleArn: names.breakGlassRoleArn() }),
})

/** The same for whoever judges the vaults: AWS Config and AWS Backup Audit Manager take the roles as one list. */
export const vaultExceptions = (
  names: Names,
  role: DataRegionRole,
  policy: Policy,
): Readonly<Record<string, string>> => ({
  principalArnList: exceptionsOf(vaultAccess(names, role, policy)).join(','),
})
