import { Stack, type StackProps } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { LockedVault, type LockedVaultProps } from '../constructs/locked-vault'
import type { VaultAccess } from '../constructs/vault-access-policy'
import type { VaultKind } from '../../core/ports/recovery-points'
import type { Names } from '../names'

/** What goes into a vault, and how it is locked. */
export type VaultSettings = Pick<LockedVaultProps, 'lock' | 'retentionDays'>

export interface VaultsStackProps extends StackProps {
  readonly names: Names
  readonly key: IKey
  readonly access: VaultAccess
  readonly vaults: Readonly<Record<'pitr' | 'snapshots', VaultSettings>> & {
    /** @default none: no copy arrives from another region */
    readonly copies?: VaultSettings
  }
}

/**
 * The vaults of one region. Point-in-time recovery has its own: it is kept at most 35 days, and a lock for longer
 * snapshots would make its jobs fail.
 */
export class VaultsStack extends Stack {
  readonly vaults: Readonly<Record<'pitr' | 'snapshots', LockedVault>>

  constructor(scope: Construct, id: string, props: VaultsStackProps) {
    super(scope, id, props)
    const { names, key, access, vaults } = props
    const vault = (kind: VaultKind, constructId: string, settings: VaultSettings) =>
      new LockedVault(this, constructId, { vaultName: names.vault(kind), key, access, ...settings })
    this.vaults = {
      pitr: vault('pitr', 'PointInTime', vaults.pitr),
      snapshots: vault('snapshots', 'Snapshots', vaults.snapshots),
    }
    if (vaults.copies) vault('copies', 'Copies', vaults.copies)
  }
}
