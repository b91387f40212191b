import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { hasRecoveryRegion, type Policy } from '../../core/policy'
import { mostDaysIn } from '../../core/policy/retention'
import { otherRole, type DataRegionRole } from '../names'
import { AssetsStack } from '../stacks/assets-stack'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The bucket of static assets of a data region; undefined where the register names none. */
export function assets(region: Region<DataRegionRole>, { keys, accessLogs }: Foundation): Bucket | undefined {
  const { names, role, policy } = region
  const store = policy.stores.find(({ kind, tier }) => kind === 'bucket' && tier === 'static-assets')
  if (!store) return undefined
  return new AssetsStack(region.stage, `assets-${role}`, {
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
  }).bucket
}

/** Whether a region's assets are copied to the other region. */
export const sendsAssets = (policy: Policy, role: DataRegionRole): boolean =>
  hasRecoveryRegion(policy) && (role === 'primary' || policy.assets.replication === 'both-ways')
