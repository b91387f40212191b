import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BackupVault, type LockConfiguration } from 'aws-cdk-lib/aws-backup'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { IRREVERSIBLE } from '../../core/policy/irreversible'
import { vaultAccessPolicy, type VaultAccess } from './vault-access-policy'

/** Who may lift a vault's lock: some, nobody, or there is none and somebody said why. */
export type VaultLock =
  | { readonly mode: 'governance'; readonly minRetentionDays: number; readonly maxRetentionDays: number }
  | {
      readonly mode: 'compliance'
      readonly minRetentionDays: number
      readonly maxRetentionDays: number
      readonly changeableForDays: number
      readonly irreversibleAcknowledgement: string
    }
  | { readonly mode: 'none'; readonly reason: string }

export interface LockedVaultProps {
  readonly vaultName: string
  readonly key: IKey
  readonly lock: VaultLock
  readonly access: VaultAccess
  /**
   * Every retention that is written into the vault. A lock refuses what it does not admit: the job fails, it is not adjusted
   * (AWS Backup API, PutBackupVaultLockConfiguration). So a mismatch is an error here.
   */
  readonly retentionDays: readonly number[]
}

/**
 * A backup vault out of which nobody deletes, or only the one role that the policy names.
 * @stateful
 */
export class LockedVault extends Construct {
  readonly vault: BackupVault

  constructor(scope: Construct, id: string, props: LockedVaultProps) {
    super(scope, id)
    this.vault = new BackupVault(this, 'Resource', {
      backupVaultName: props.vaultName,
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.RETAIN,
      accessPolicy: vaultAccessPolicy(props.access),
      ...lockOf(props, this.node.path),
    })
  }
}

function lockOf({ lock, retentionDays }: LockedVaultProps, path: string): { lockConfiguration?: LockConfiguration } {
  if (lock.mode === 'none') {
    if (lock.reason.trim() === '')
      throw new Error(`an unlocked vault needs a written reason, got an empty one at '${path}'`)
    return {}
  }
  for (const days of retentionDays)
    if (days < lock.minRetentionDays || days > lock.maxRetentionDays)
      throw new Error(
        `the lock at '${path}' admits ${lock.minRetentionDays} to ${lock.maxRetentionDays} days, but some of its backups are kept ${days} days: every such job would fail`,
      )
  if (lock.mode === 'compliance' && lock.irreversibleAcknowledgement !== IRREVERSIBLE)
    throw new Error(
      `a compliance lock at '${path}' needs the sentence '${IRREVERSIBLE}', got '${lock.irreversibleAcknowledgement}'`,
    )
  return {
    lockConfiguration: {
      minRetention: Duration.days(lock.minRetentionDays),
      maxRetention: Duration.days(lock.maxRetentionDays),
      // Its presence alone makes the lock irreversible after that time, so it exists in one branch only.
      ...(lock.mode === 'compliance' && { changeableFor: Duration.days(lock.changeableForDays) }),
    },
  }
}
