import { bucketStores, hasRecoveryRegion, type Policy } from '../../core/policy'
import { mostDaysIn } from '../../core/policy/retention'
import { otherRole, type DataRegionRole } from '../names'
import { AssetsStack } from '../stacks/assets-stack'
import type { StoredBucket } from './backups'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The bucket of static assets of a data region; none where the register names none. */
export function assets(region: Region<DataRegionRole>, { keys, accessLogs }: Foundation): readonly StoredBucket[] {
  const { names, role, policy } = region
  const [found] = bucketStores(policy).filter(({ kind }) => kind === 'assets')
  if (!found) return []
  const { store } = found
  const { bucket } = new AssetsStack(region.stage, `assets-${role}`, {
    ...region.stack('assets'),
    bucketName: names.bucket('assets', role),
    key: keys.key('assets'),
    accessLogs,
    store: store.id,
    versionRetentionDays: mostDaysIn(policy.dataClasses[store.dataClass].retentionYears),
    ...(sendsAssets(policy, role) && {
      replication: {
        roleName: names.role('assets-replication', role),
        destination: names.replicaBucket('assets', otherRole(role), 'assets'),
      },
    }),
  })
  return [{ store, bucket }]
}

/** Whether a region's assets are copied to the other region. */
export const sendsAssets = (policy: Policy, role: DataRegionRole): boolean =>
  hasRecoveryRegion(policy) && (role === 'primary' || policy.assets.replication === 'both-ways')
