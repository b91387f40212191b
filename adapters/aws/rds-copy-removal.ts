import { DeleteDBInstanceCommand, type DBInstance, type RDSClient } from '@aws-sdk/client-rds'
import type { CopyRemoval } from '../../core/ports/copy-removal'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { RESTORE_TAG, WRITER_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { findInstance } from './rds-inventory'

export interface CopyRemovalSettings {
  readonly region: string
  /** Whether a name is one of a test copy; no other one is ever removed, whatever its tags say. */
  readonly isTestCopy: (instance: string) => boolean
}

/** Removes RDS instances of one region that a restore test made, told by name and tag. It holds no other call that changes. */
export class RdsCopyRemoval implements CopyRemoval {
  constructor(
    private readonly client: RDSClient,
    private readonly settings: CopyRemovalSettings,
  ) {}

  async remove(copy: InstanceRef, { restoreKey }: { readonly restoreKey: string }): Promise<void> {
    if (!this.settings.isTestCopy(copy.instance)) throw foreign(copy)
    const found = await findInstance(this.client, this.settings.region, copy)
    if (!found || isGoing(found)) return
    const tags = new Map(found.TagList?.map(({ Key, Value }) => [Key, Value]))
    if (tags.get(RESTORE_TAG) !== restoreKey) throw foreign(copy)
    if (tags.has(WRITER_TAG.key))
      throw new PortError('denied', 'COPY_IN_USE', `'${copy.instance}' is marked as a database that may write`)
    const command = new DeleteDBInstanceCommand({
      DBInstanceIdentifier: copy.instance,
      // It holds what its source holds, and is not to outlive its test in another form.
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: true,
    })
    try {
      await asking(`removing '${copy.instance}'`, () => this.client.send(command, within(CALL_MS)))
    } catch (error) {
      if (isException(error, 'DBInstanceNotFound')) return
      if (!isException(error, 'InvalidDBInstanceState')) throw error
      // The answer of a repeated attempt whose first one succeeded unheard, or a change that has to end first.
      const now = await findInstance(this.client, this.settings.region, copy)
      if (!now || isGoing(now)) return
      throw new PortError('throttled', 'RDS_BUSY', `'${copy.instance}' is under another change; remove it afterwards`)
    }
  }
}

const isGoing = ({ DBInstanceStatus }: DBInstance): boolean => DBInstanceStatus === 'deleting'

const foreign = ({ instance }: InstanceRef): PortError =>
  new PortError('denied', 'NOT_A_TEST_COPY', `'${instance}' was not made by this restore`)
