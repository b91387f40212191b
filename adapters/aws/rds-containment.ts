import { randomBytes } from 'node:crypto'
import { AddTagsToResourceCommand } from '@aws-sdk/client-rds'
import type { Clock } from '../../core/ports/clock'
import type { Containment, Revocation } from '../../core/ports/containment'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { endOthers, OTHERS, revokeCredentials } from '../postgres/revocation'
import { REVOCATION_TAG } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'
import type { Sessions } from './own-database'
import type { RdsChanges } from './rds-changes'

export interface ContainmentSettings {
  readonly sessions: Sessions
  /** Lets nobody in but our functions, and nobody else adds to it. */
  readonly closedGroupId: string
  readonly clock: Clock
}

const SESSION_MS = 15_000
/** How long a session may take to end that was told to. */
const ENDS_WITHIN_MS = 7_000
const LOOK_EVERY_MS = 200

/**
 * Cuts off databases of the own region, next to them. It has no call by which a database is reached again: the groups of an
 * instance are only ever replaced by the closed one, and a password only by one that is told to nobody.
 */
export class RdsContainment implements Containment {
  constructor(
    private readonly changes: RdsChanges,
    private readonly settings: ContainmentSettings,
  ) {}

  /**
   * The network first: a session that was ended before would come back. A changed group lets what is connected go on
   * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html), so that every session is
   * ended behind it.
   */
  async isolate(ref: InstanceRef): Promise<{ readonly connectionsEnded: number }> {
    const { closedGroupId } = this.settings
    await this.changes.until('ISOLATION_UNDER_WAY', ref, async () => {
      const { VpcSecurityGroups: groups = [] } = await this.changes.describe(ref)
      const isClosed = groups.length > 0 && groups.every(({ VpcSecurityGroupId: id }) => id === closedGroupId)
      if (!isClosed) await this.changes.modify(ref, { VpcSecurityGroupIds: [closedGroupId] })
      return isClosed && groups.every(({ Status }) => Status === 'active')
    })
    return { connectionsEnded: await this.endSessions(ref) }
  }

  async revoke(ref: InstanceRef, { key }: { readonly key: string }): Promise<Revocation> {
    const { sessions } = this.settings
    const { beyond, roles, sessionsEnded } = await sessions.session(ref, SESSION_MS, revokeCredentials)
    if (beyond.length === 0) return { roles, sessionsEnded }
    const { MasterUsername: owner } = await this.changes.describe(ref)
    const alive = beyond.filter((role) => role !== owner)
    if (alive.length > 0)
      throw new PortError('conflict', 'CREDENTIAL_ALIVE', `the fence role may not close ${alive.join(', ')}`)
    await this.forgetOwnersPassword(ref, key)
    return { roles, sessionsEnded: sessionsEnded + (await sessions.session(ref, SESSION_MS, endOthers)) }
  }

  /** The owner made the fence role, which can therefore not govern it; RDS sets its password from outside. */
  private async forgetOwnersPassword(ref: InstanceRef, key: string): Promise<void> {
    await this.changes.until('REVOCATION_UNDER_WAY', ref, async () => {
      const { DBInstanceArn, TagList, PendingModifiedValues } = await this.changes.describe(ref)
      if (TagList?.some((tag) => tag.Key === REVOCATION_TAG && tag.Value === key))
        return PendingModifiedValues?.MasterUserPassword === undefined
      if (await this.changes.modify(ref, { MasterUserPassword: randomBytes(24).toString('hex') }))
        await this.tag(DBInstanceArn, key)
      return false
    })
  }

  private async endSessions(ref: InstanceRef): Promise<number> {
    const { clock, sessions } = this.settings
    return sessions.session(ref, SESSION_MS, async (client) => {
      const ended = await endOthers(client)
      for (const began = clock.monotonicMs(); ; await clock.sleep(LOOK_EVERY_MS)) {
        const { rows } = await client.query<{ left: number }>(
          `select count(*)::integer as left from pg_stat_activity a where ${OTHERS}`,
        )
        if (rows[0]!.left === 0) return ended
        if (clock.monotonicMs() - began > ENDS_WITHIN_MS)
          throw new PortError('conflict', 'PATH_OPEN', `a connection to '${ref.instance}' did not end`)
      }
    })
  }

  private async tag(ResourceName: string | undefined, Value: string): Promise<void> {
    const command = new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: REVOCATION_TAG, Value }] })
    await asking('tagging the instance', () => this.changes.client.send(command, within(CALL_MS)))
  }
}
