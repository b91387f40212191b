import { otherRole, type DataRegionRole } from '../names'
import { BackupPlanStack } from '../stacks/backup-plan-stack'
import { VaultsStack } from '../stacks/vaults-stack'
import type { DeployedInstance } from './databases'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The vaults of a data region and the plan that fills them. */
export function backups(region: Region<DataRegionRole>, { keys }: Foundation, writer: DeployedInstance): void {
  const { names, role, policy } = region
  const { vaults, snapshotRetentionDays, pointInTimeRetentionDays, geoRedundancy } = policy.backup
  const copied = geoRedundancy.mode === 'multi-region'
  const stack = new VaultsStack(region.stage, `vaults-${role}`, {
    ...region.stack('vaults'),
    names,
    key: keys.key('backup'),
    vaults: {
      pitr: { lock: vaults.pointInTime.lock, retentionDays: pointInTimeRetentionDays },
      snapshots: { lock: vaults.snapshots.lock, retentionDays: snapshotRetentionDays },
      ...(copied && { copies: { lock: vaults.copies.lock, retentionDays: snapshotRetentionDays } }),
    },
  })
  new BackupPlanStack(region.stage, `backup-plan-${role}`, {
    ...region.stack('backup-plan'),
    names,
    role,
    backup: policy.backup,
    vaults: stack.vaults,
    ...(copied && { copyVaultArn: names.vaultArn(otherRole(role), 'copies') }),
    // The region that does not write selects nothing by name: its plan stands ready and waits for the tag.
    writers: policy.topology.active === role ? [writer.resource] : [],
  })
}
