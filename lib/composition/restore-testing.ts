import type { RecoveryNetwork } from '../constructs/recovery-network'
import { FUNCTIONS } from '../functions'
import type { DataRegionRole } from '../names'
import { RestoreTestingStack } from '../stacks/restore-testing-stack'
import type { DeployedInstance } from './databases'
import type { Foundation } from './foundation'
import type { Region } from './region'

/**
 * The restore tests of a data region. Where the database serves, its own snapshots are restored; in the other region the
 * copies are, since a copy that nobody ever restored is a hope.
 */
export function restoreTesting(
  region: Region<DataRegionRole>,
  { keys }: Foundation,
  isolated: RecoveryNetwork,
  serving: DeployedInstance,
): void {
  const { names, role, policy } = region
  const { restoreTesting: tests, backup, database, topology } = policy
  if (tests.mode === 'none') return
  const own = topology.active === role
  if (!own && backup.geoRedundancy.mode === 'single-region') return
  new RestoreTestingStack(region.stage, `restore-testing-${role}`, {
    ...region.stack('restore-testing'),
    contracts: FUNCTIONS['restore-testing'],
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    isolated,
    instance: database,
    tests: {
      ...tests,
      planName: names.restoreTestPlan(),
      selectionName: names.restoreTestSelection(own ? 'snapshots' : 'copies'),
      roleName: names.role('restore-testing', role),
      timeZone: backup.schedule.timeZone,
      vaultArns: [names.vaultArn(role, own ? 'snapshots' : 'copies')],
      // A copy belongs to an instance of the other region; the vault of copies holds nothing else of ours.
      resourceArns: own ? [names.databaseArn(role, serving.generation)] : 'all',
    },
  })
}
