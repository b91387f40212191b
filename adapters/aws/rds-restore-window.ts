import { DescribeDBInstanceAutomatedBackupsCommand, type RDSClient } from '@aws-sdk/client-rds'
import type { RestoreWindow } from '../../core/ports/restore'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** Moments between which an instance can be restored. Backups outlive their instance, so that they are asked and not the instance. */
export async function restoreWindow(client: RDSClient, instance: string): Promise<RestoreWindow | undefined> {
  const command = new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier: instance })
  try {
    const { DBInstanceAutomatedBackups } = await asking(`describing the backups of '${instance}'`, () =>
      client.send(command, within(CALL_MS)),
    )
    const [newest] = (DBInstanceAutomatedBackups ?? [])
      .flatMap(({ RestoreWindow: between }) =>
        between?.EarliestTime && between.LatestTime
          ? [{ earliest: between.EarliestTime.toISOString(), latest: between.LatestTime.toISOString() }]
          : [],
      )
      .toSorted((a, b) => b.latest.localeCompare(a.latest))
    return newest
  } catch (error) {
    if (isException(error, 'DBInstanceAutomatedBackupNotFound')) return undefined
    throw error
  }
}
