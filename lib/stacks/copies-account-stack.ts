import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { DataKey } from '../constructs/data-key'
import { LockedVault } from '../constructs/locked-vault'
import type { VaultAccess } from '../constructs/vault-access-policy'
import type { VaultSettings } from './vaults-stack'

export interface CopiesAccountStackProps extends StackProps {
  readonly vaultName: string
  readonly keyAlias: string
  readonly access: VaultAccess
  readonly settings: VaultSettings
}

/**
 * Locked copies in an account in which nobody works: whoever takes over the environment's account does not reach them.
 * Copies between accounts need both in one organization, with cross-account backup switched on by its management account.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
 */
export class CopiesAccountStack extends Stack {
  constructor(scope: Construct, id: string, props: CopiesAccountStackProps) {
    super(scope, id, props)
    const { key } = new DataKey(this, 'Key', { alias: props.keyAlias, description: 'Copies of recovery points' })
    new LockedVault(this, 'Copies', {
      vaultName: props.vaultName,
      key,
      access: props.access,
      ...props.settings,
    })
  }
}
