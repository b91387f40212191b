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

/** Roles that may change lock and policy. */
export const exceptionsOf = ({ breakGlassRoleArn, deploymentRoleArn }: VaultAccess): readonly string[] =>
  breakGlassRoleArn ? [breakGlassRoleArn, deploymentRoleArn] : [deploymentRoleArn]

/**
 * Denies everybody else. A wildcard in an action would not be accepted here.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
 */
export function vaultAccessPolicy(access: VaultAccess) {
  const { breakGlassRoleArn, copiesFromAccount } = access
  return new PolicyDocument({
    statements: [
      denyAllBut(breakGlassRoleArn ? [breakGlassRoleArn] : [], 'NobodyDeletesRecoveryPoints', ENDS_A_RECOVERY_POINT),
      denyAllBut(exceptionsOf(access), 'NobodyWeakensTheVault', WEAKENS_THE_VAULT),
      // Says nothing new: AWS Config wants these three in one statement, on every principal and resource, and knows those whom
      // it admits by its own parameter.
      // https://docs.aws.amazon.com/config/latest/developerguide/backup-recovery-point-manual-deletion-disabled.html
      denyAllBut(exceptionsOf(access), 'NobodyDeletesByHand', JUDGED_BY_CONFIG),
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

const JUDGED_BY_CONFIG = [
  'backup:DeleteRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
  'backup:PutBackupVaultAccessPolicy',
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
