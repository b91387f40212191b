import type { Policy } from '../core/policy'
import type { CopyDestination } from './constructs/store-backup-plan'
import { otherRole, type DataRegionRole, type Names } from './names'

/** A vault outside of the region that receives a copy of every snapshot. */
export interface Copies extends CopyDestination {
  /** Which of the two it is, in the names of its alarms. */
  readonly to: 'other-region' | 'second-account'
}

/** Every vault that the snapshots of a data region are copied to. */
export function copiesOf(names: Names, role: DataRegionRole, { backup }: Policy): readonly Copies[] {
  const { geoRedundancy, secondAccount } = backup
  const copies: Copies[] = []
  if (geoRedundancy.mode === 'multi-region')
    copies.push({ to: 'other-region', vaultArn: names.vaultArn(otherRole(role), 'copies') })
  if (secondAccount.mode === 'copies') {
    const { region, accountId, retentionDays } = secondAccount
    const place = names.region(role) === region ? role : otherRole(role)
    copies.push({ to: 'second-account', vaultArn: names.vaultArn(place, 'copies', accountId), retentionDays })
  }
  return copies
}
