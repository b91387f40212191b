import {
  ModifyDBInstanceCommand,
  type DBInstance,
  type ModifyDBInstanceCommandInput,
  type RDSClient,
} from '@aws-sdk/client-rds'
import type { Clock } from '../../core/ports/clock'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'
import { findInstance } from './rds-inventory'

/** RDS changes an instance in seconds to minutes; a call of a runbook stays below a minute, and is made again. */
const SETTLES_WITHIN_MS = 40_000
const LOOK_EVERY_MS = 2_000

/** Changes of instances of one region that keep them running, and the wait for them. */
export class RdsChanges {
  constructor(
    readonly client: RDSClient,
    private readonly region: string,
    private readonly clock: Clock,
  ) {}

  /** Throws PortError('invalid') where it does not exist. */
  async describe(ref: InstanceRef): Promise<DBInstance> {
    const found = await findInstance(this.client, this.region, ref)
    if (found) return found
    throw new PortError('invalid', 'INSTANCE_MISSING', `'${ref.instance}' does not exist in ${ref.region}`)
  }

  /** Whether RDS accepted it: an instance under another change takes none. */
  async modify(
    { instance }: InstanceRef,
    change: Pick<
      ModifyDBInstanceCommandInput,
      'VpcSecurityGroupIds' | 'MasterUserPassword' | 'PubliclyAccessible' | 'DeletionProtection'
    >,
  ): Promise<boolean> {
    const command = new ModifyDBInstanceCommand({ DBInstanceIdentifier: instance, ...change, ApplyImmediately: true })
    try {
      await asking(`changing '${instance}'`, () => this.client.send(command, within(CALL_MS)))
      return true
    } catch (error) {
      if (isException(error, 'InvalidDBInstanceState')) return false
      throw error
    }
  }

  /** Looks until it has settled. Throws PortError('unreachable') with the code where that takes longer. */
  async until(code: string, { instance }: InstanceRef, settled: () => Promise<boolean>): Promise<void> {
    for (const began = this.clock.monotonicMs(); ; await this.clock.sleep(LOOK_EVERY_MS)) {
      if (await settled()) return
      if (this.clock.monotonicMs() - began > SETTLES_WITHIN_MS)
        throw new PortError('unreachable', code, `RDS has not changed '${instance}' yet; ask again`)
    }
  }
}
