import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam'

/** Who may do to a vault what it exists to prevent. */
export interface VaultAccess {
  /** Role that may delete recovery points and shorten their retention, by its chosen name. @default nobody */
  readonly breakGlassRoleArn?: string
  /**
   * Role with which CloudFormation deploys. It may change lock and policy, else no reviewed change could ever be deployed and
   * the vault could not even be created; it may not delete.
   */
  readonly deploymentRoleArn: string
  /** Another account whose backups may be copied into the vault. @default none: our own only */
  readonly copiesFromAccount?: string
}

/**
 * Denies everybody else. AWS Config looks for just these actions on every principal and resource (managed rule
 * BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED); a wildcard in an action would not be accepted here.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
 */
export function vaultAccessPolicy({ breakGlassRoleArn, deploymentRoleArn, copiesFromAccount }: VaultAccess) {
  const breakGlass = breakGlassRoleArn ? [breakGlassRoleArn] : []
  return new PolicyDocument({
    statements: [
      denyAllBut(breakGlass, 'NobodyDeletesRecoveryPoints', ENDS_A_RECOVERY_POINT),
      denyAllBut([...breakGlass, deploymentRoleArn], 'NobodyWeakensTheVault', WEAKENS_THE_VAULT),
      ...(copiesFromAccount
        ? [
            new PolicyStatement({
              sid: 'CopiesFromTheEnvironment',
              principals: [new AccountPrincipal(copiesFromAccount)],
              actions: ['backup:CopyIntoBackupVault'],
              resources: ['*'],
            }),
          ]
        : []),
    ],
  })
}

const ENDS_A_RECOVERY_POINT = [
  'backup:DeleteRecoveryPoint',
  'backup:DisassociateRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
]
const WEAKENS_THE_VAULT = [
  'backup:DeleteBackupVault',
  'backup:DeleteBackupVaultAccessPolicy',
  'backup:DeleteBackupVaultLockConfiguration',
  'backup:PutBackupVaultAccessPolicy',
  'backup:PutBackupVaultLockConfiguration',
]

const denyAllBut = (roleArns: readonly string[], sid: string, actions: string[]) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: ['*'],
    ...(roleArns.length > 0 && { conditions: { ArnNotEquals: { 'aws:PrincipalArn': [...roleArns] } } }),
  })
