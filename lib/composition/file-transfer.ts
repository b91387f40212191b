import { bucketStores, hasRecoveryRegion } from '../../core/policy'
import { mostDaysIn } from '../../core/policy/retention'
import type { DataRegionRole } from '../names'
import { FileTransferStack } from '../stacks/file-transfer-stack'
import type { StoredBucket } from './backups'
import type { Foundation } from './foundation'
import type { Region } from './region'

/** The exchange of files with partners: received in the primary region, held by both, and only where the policy asks for it. */
export function fileTransfer(
  region: Region<DataRegionRole>,
  { keys, accessLogs }: Foundation,
): readonly StoredBucket[] {
  const { names, role, policy } = region
  const { fileTransfer: transfer } = policy
  if (transfer.mode === 'none') return []
  const store = bucketStores(policy).find(({ kind }) => kind === 'file-transfer')?.store
  if (!store) throw new Error(`the files of partners have no entry '${transfer.store}' in the store register`)
  const { bucket } = new FileTransferStack(region.stage, `file-transfer-${role}`, {
    ...region.stack('file-transfer'),
    accessLogs,
    store: store.id,
    // Health data ends by a record of its disposal, never by itself.
    ...(store.dataClass !== 'phi' && {
      versionRetentionDays: mostDaysIn(policy.dataClasses[store.dataClass].retentionYears),
    }),
    bucketName: names.bucket('file-transfer', role),
    bucketKey: keys.key('file-transfer'),
    ...(role === 'primary' && {
      server: {
        serverName: names.stack('file-transfer', role),
        partners: transfer.partners.map(({ name, sshPublicKeys }) => ({
          name,
          sshPublicKeys,
          roleName: names.role(`sftp-${name}`, role),
        })),
        logKey: keys.key('operations'),
        logRetention: region.logRetention,
      },
    }),
    ...(role === 'primary' &&
      hasRecoveryRegion(policy) && {
        replication: {
          roleName: names.role('file-transfer-replication', role),
          destination: names.replicaBucket('file-transfer', 'recovery', 'file-transfer'),
        },
      }),
  })
  return [{ store, bucket }]
}
