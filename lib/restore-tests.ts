import { servingGeneration, type Policy } from '../core/policy'
import type { RestoreTestPlan } from './constructs/restore-testing'
import type { DataRegionRole, Names } from './names'

/** What one plan of restore tests restores, and from where. */
export type RestoreTestSource = Pick<
  RestoreTestPlan,
  | 'planName'
  | 'selectionName'
  | 'recoveryPoint'
  | 'recoveryPointType'
  | 'selectionWindowDays'
  | 'vaultArns'
  | 'resourceArns'
>

/**
 * The restore tests of a data region. Where the database serves, a snapshot of its own is restored, and its continuous backup to
 * the last moment: two plans, since one that may take either would nearly always take a snapshot. In the other region the copies
 * are restored, one by chance and the newest, since a copy that nobody ever restored is a hope; of continuous backups there are none.
 *
 * Which moment of a continuous backup came back is not judged: AWS Backup states when it began, and nothing older passes.
 */
export function restoreTestsOf(names: Names, role: DataRegionRole, policy: Policy): readonly RestoreTestSource[] {
  const { restoreTesting: tests, backup, topology } = policy
  if (tests.mode === 'none') return []
  const { recoveryPoint, selectionWindowDays } = tests
  const snapshots = {
    planName: names.restoreTestPlan('snapshots'),
    recoveryPointType: 'SNAPSHOT',
    recoveryPoint,
    selectionWindowDays,
  } as const
  if (topology.active !== role) {
    if (backup.geoRedundancy.mode === 'single-region') return []
    const copies = {
      ...snapshots,
      selectionName: names.restoreTestSelection('copies'),
      vaultArns: [names.vaultArn(role, 'copies')],
      // A copy belongs to an instance of the other region; the vault of copies holds nothing else of ours.
      resourceArns: 'all',
    } as const
    // Chance may never choose the newest one, which is what a recovery would take first.
    return recoveryPoint === 'latest'
      ? [copies]
      : [
          copies,
          {
            ...copies,
            planName: names.restoreTestPlan('newest'),
            selectionName: names.restoreTestSelection('newest_copy'),
            recoveryPoint: 'latest',
          },
        ]
  }
  const generation = servingGeneration(topology, role)
  const resourceArns = generation === undefined ? [] : [names.databaseArn(role, generation)]
  return [
    {
      ...snapshots,
      selectionName: names.restoreTestSelection('snapshots'),
      vaultArns: [names.vaultArn(role, 'snapshots')],
      resourceArns,
    },
    {
      planName: names.restoreTestPlan('continuous'),
      selectionName: names.restoreTestSelection('continuous'),
      recoveryPointType: 'CONTINUOUS',
      recoveryPoint: 'latest',
      selectionWindowDays: backup.pointInTimeRetentionDays,
      vaultArns: [names.vaultArn(role, 'pitr')],
      resourceArns,
    },
  ]
}
