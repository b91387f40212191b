import type { RecoveryNetwork } from '../constructs/recovery-network'
import { FUNCTIONS } from '../functions'
import type { DataRegionRole } from '../names'
import { restoreTestsOf } from '../restore-tests'
import { RestoreTestingStack } from '../stacks/restore-testing-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The restore tests of a data region, and what examines their copies. */
export function restoreTesting(region: Region<DataRegionRole>, { keys }: Foundation, isolated: RecoveryNetwork): void {
  const { names, role, policy } = region
  const { restoreTesting: tests, backup, database } = policy
  const [first, ...others] = restoreTestsOf(names, role, policy)
  if (tests.mode === 'none' || !first) return
  new RestoreTestingStack(region.stage, `restore-testing-${role}`, {
    ...region.stack('restore-testing'),
    contracts: FUNCTIONS['restore-testing'],
    around: region.surroundings(keys),
    code: region.code,
    key: keys.key('operations'),
    logRetention: region.logRetention,
    isolated,
    instance: database,
    countEveryMinutes: tests.countEveryMinutes,
    roleName: names.role('restore-testing', role),
    plans: [first, ...others].map((source) => ({ ...tests, ...source, timeZone: backup.schedule.timeZone })),
  })
}
