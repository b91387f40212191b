import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { LockedVault, type VaultLock } from '../constructs/locked-vault'
import type { Names, VaultKind } from '../names'

export interface VaultsStackProps extends StackProps {
  readonly names: Names
  readonly key: IKey
  readonly vaults: Readonly<Record<VaultKind, { readonly lock: VaultLock; readonly retentionDays: number }>>
}

/**
 * The vaults of one region. Point-in-time recovery has its own: it is kept at most 35 days, and a lock for longer
 * snapshots would make its jobs fail.
 */
export class VaultsStack extends Stack {
  readonly vaults: Readonly<Record<VaultKind, LockedVault>>

  constructor(scope: Construct, id: string, props: VaultsStackProps) {
    super(scope, id, props)
    const vault = (kind: VaultKind, constructId: string) =>
      new LockedVault(this, constructId, {
        vaultName: props.names.vault(kind),
        key: props.key,
        ...props.vaults[kind],
      })
    this.vaults = {
      pitr: vault('pitr', 'PointInTime'),
      snapshots: vault('snapshots', 'Snapshots'),
      copies: vault('copies', 'Copies'),
    }
  }
}
