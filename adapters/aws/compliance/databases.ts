import {
  CopyDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBInstanceCommand,
  paginateDescribeDBSnapshots,
  type DBSnapshot,
  type RDSClient,
} from '@aws-sdk/client-rds'
import type { CopyProtection, DatabaseProtection } from '../../../core/ports/compliance'
import { PortError } from '../../../core/ports/errors'
import { CALL_MS, within } from '../client-settings'
import { asking, isException } from '../failures'
import type { Guard } from './guard'
import type { KeyNames } from './keys'

export function databaseGuard(rds: RDSClient, region: string): Guard<DatabaseProtection> {
  const read = async (name: string): Promise<DatabaseProtection | undefined> => {
    try {
      const { DBInstances } = await asking('rds:DescribeDBInstances', () =>
        rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }), within(CALL_MS)),
      )
      return { kind: 'database', region, name, refusesDeletion: DBInstances?.[0]?.DeletionProtection === true }
    } catch (error) {
      if (isException(error, 'DBInstanceNotFound')) return undefined
      throw error
    }
  }
  return {
    read,
    async write({ name, refusesDeletion }, found) {
      if (!refusesDeletion || found?.refusesDeletion) return 'restored'
      await asking('rds:ModifyDBInstance', () =>
        rds.send(
          new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, DeletionProtection: true, ApplyImmediately: true }),
          within(CALL_MS),
        ),
      )
      return (await read(name))?.refusesDeletion ? 'restored' : 'under-way'
    },
  }
}

/** Snapshots that somebody took by hand. */
export function copyGuard(rds: RDSClient, region: string, keys: KeyNames) {
  const asCopy = async ({
    DBSnapshotIdentifier: name = '',
    Encrypted,
    KmsKeyId,
  }: DBSnapshot): Promise<CopyProtection> => ({
    kind: 'copy',
    region,
    name,
    key: Encrypted && KmsKeyId ? ((await keys.aliasOf(KmsKeyId)) ?? null) : null,
  })
  const snapshot = async (name: string): Promise<DBSnapshot | undefined> => {
    try {
      const { DBSnapshots } = await asking('rds:DescribeDBSnapshots', () =>
        rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }), within(CALL_MS)),
      )
      return DBSnapshots?.[0]
    } catch (error) {
      if (isException(error, 'DBSnapshotNotFound')) return undefined
      throw error
    }
  }
  const copySnapshot = async (name: string, copyName: string, key: string): Promise<void> => {
    const command = new CopyDBSnapshotCommand({
      SourceDBSnapshotIdentifier: name,
      TargetDBSnapshotIdentifier: copyName,
      KmsKeyId: key,
      CopyTags: true,
    })
    try {
      await asking('rds:CopyDBSnapshot', () => rds.send(command, within(CALL_MS)))
    } catch (error) {
      // Ours, by a request whose answer was lost.
      if (!isException(error, 'DBSnapshotAlreadyExists')) throw error
    }
  }
  const guard: Guard<CopyProtection> = {
    async read(name) {
      const found = await snapshot(name)
      return found && asCopy(found)
    },
    async write({ name, key }, found) {
      if (!found || found.key === key || key === null) return 'restored'
      const copyName = `${name}-encrypted`
      const copy = await snapshot(copyName)
      if (!copy) {
        await copySnapshot(name, copyName, key)
        return 'under-way'
      }
      if (copy.Status === 'failed')
        throw new PortError(
          'conflict',
          'COPY_FAILED',
          `RDS could not make '${copyName}'; delete that one, and remedy again`,
        )
      // The bare one goes only once a copy of it under our key can be restored.
      if (copy.Status !== 'available' || (await asCopy(copy)).key !== key) return 'under-way'
      await asking('rds:DeleteDBSnapshot', () =>
        rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: name }), within(CALL_MS)),
      )
      return 'restored'
    },
  }
  const list = async (): Promise<CopyProtection[]> => {
    const found = await asking('rds:DescribeDBSnapshots', async () => {
      const all: DBSnapshot[] = []
      const pages = paginateDescribeDBSnapshots({ client: rds }, { SnapshotType: 'manual' }, within(CALL_MS))
      for await (const { DBSnapshots = [] } of pages) all.push(...DBSnapshots)
      return all
    })
    return Promise.all(found.map(asCopy))
  }
  return { guard, list }
}
