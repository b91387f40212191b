import { ModifyDBParameterGroupCommand, type DBInstance } from '@aws-sdk/client-rds'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Hardening, HardeningMeasure, ScanFinding } from '../../core/ports/hardening'
import { withSession, type Login } from '../postgres/connect'
import { applyMeasures, scanCatalog, type KnownObjects } from '../postgres/hardening'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'
import type { OwnDatabase } from './own-database'
import type { RdsChanges } from './rds-changes'

export interface HardeningSettings {
  /** A copy that a restore of ours has made, as it is reached. Undefined for anything else. */
  readonly find: (copy: InstanceRef) => Promise<OwnDatabase | undefined>
  /** The owner of the copy, with its new secret: only an owner takes rights from everybody. */
  readonly owner: () => Promise<Login>
  /** Login roles that are declared; the owner and our own are known besides. */
  readonly known: KnownObjects
}

const SESSION_MS = 20_000

/** Settings of RDS by which it keeps a measure that SQL cannot apply there. */
const PARAMETERS: Partial<Readonly<Record<HardeningMeasure, readonly [name: string, value: string]>>> = {
  'passwords-are-scram': ['rds.accepted_password_auth_method', 'scram'],
  'host-access-by-tls-only': ['rds.force_ssl', '1'],
}

/** What of the instance itself has to hold whatever the measures are, by its name in RDS. */
const PROTECTIONS = { PubliclyAccessible: false, DeletionProtection: true } as const

/** Hardens a restored copy: in the database as its owner, and around it through RDS. It loosens nothing that is stricter. */
export class RdsHardening implements Hardening {
  constructor(
    private readonly changes: RdsChanges,
    private readonly settings: HardeningSettings,
  ) {}

  async apply(ref: InstanceRef, measures: readonly HardeningMeasure[]): Promise<readonly HardeningMeasure[]> {
    const database = await this.find(ref)
    await this.protect(ref)
    let held = await this.inside(database, (client) => applyMeasures(client, measures))
    const missing = measures.filter((measure) => !held.includes(measure) && PARAMETERS[measure])
    if (missing.length === 0) return held
    await this.setParameters(ref, missing)
    // What needs no restart arrives within seconds.
    await this.changes.until('HARDENING_UNDER_WAY', ref, async () => {
      held = await this.inside(database, (client) => applyMeasures(client, measures))
      return missing.every((measure) => held.includes(measure))
    })
    return held
  }

  async scan(ref: InstanceRef, measures: readonly HardeningMeasure[]): Promise<readonly ScanFinding[]> {
    const database = await this.find(ref)
    const { user } = await this.settings.owner()
    const { logins, superusers } = this.settings.known
    const known = { logins: [...logins, user], superusers }
    const inside = await this.inside(database, (client) => scanCatalog(client, measures, known))
    const missing = missingProtections(await this.changes.describe(ref))
    return [...missing.map((object) => ({ code: 'MEASURE_MISSING' as const, object })), ...inside]
  }

  private async inside<T>(database: OwnDatabase, work: (client: Client) => Promise<T>): Promise<T> {
    return withSession(database.endpoint, await this.settings.owner(), SESSION_MS, work)
  }

  private protect(ref: InstanceRef): Promise<void> {
    return this.changes.until('HARDENING_UNDER_WAY', ref, async () => {
      if (missingProtections(await this.changes.describe(ref)).length === 0) return true
      await this.changes.modify(ref, PROTECTIONS)
      return false
    })
  }

  /** In the group of the copy, which is the one of its source: what is declared there anyway is put back. */
  private async setParameters(ref: InstanceRef, measures: readonly HardeningMeasure[]): Promise<void> {
    const group = (await this.changes.describe(ref)).DBParameterGroups?.[0]?.DBParameterGroupName
    const Parameters = measures.flatMap((measure) => {
      const [ParameterName, ParameterValue] = PARAMETERS[measure] ?? []
      return ParameterName ? [{ ParameterName, ParameterValue, ApplyMethod: 'immediate' as const }] : []
    })
    const command = new ModifyDBParameterGroupCommand({ DBParameterGroupName: group, Parameters })
    await asking(`setting parameters of '${group}'`, () => this.changes.client.send(command, within(CALL_MS)))
  }

  private async find(ref: InstanceRef): Promise<OwnDatabase> {
    const found = await this.settings.find(ref)
    if (found) return found
    throw new PortError('denied', 'NOT_A_COPY', `'${ref.instance}' was not made by a restore of ours`)
  }
}

const missingProtections = (found: DBInstance): string[] =>
  Object.entries(PROTECTIONS).flatMap(([name, wanted]) =>
    found[name as keyof typeof PROTECTIONS] === wanted ? [] : [`rds:${name}`],
  )
