import { readFileSync } from 'node:fs'
import { RDSClient } from '@aws-sdk/client-rds'
import type { InstanceRef } from '../../core/ports/database'
import { RESTORE_TAG } from './agreed-names'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { databaseAt, signedLogin, type OwnDatabase } from './own-database'
import { describeInstance, findInstance } from './rds-inventory'

/** How a database is found that no stack declares; undefined where there is none that may be reached. */
export type FindRestored = (ref: InstanceRef) => Promise<OwnDatabase | undefined>

/**
 * Databases of the own region that a restore of ours has made, which are known by their tag until a stack declares them. What
 * was found once is not asked for again: the endpoint of an instance stays, and RDS may be away when its guard may not.
 */
export function restoredDatabases(environment: AwsEnvironment, region: string, database: string): FindRestored {
  const authority = readFileSync(setting(environment, 'databaseAuthorities'), 'utf8')
  const client = new RDSClient(clientSettings(region))
  const known = new Map<string, OwnDatabase>()
  return async (ref) => {
    if (ref.region !== region) return undefined
    const before = known.get(ref.instance)
    if (before) return before
    const found = await findInstance(client, region, ref)
    if (!found?.TagList?.some(({ Key }) => Key === RESTORE_TAG)) return undefined
    const { host, port } = describeInstance(ref, found).endpoint
    if (host === '') return undefined
    const own = databaseAt(ref, { name: host, host, port, database, authority }, signedLogin(host, port, region))
    known.set(ref.instance, own)
    return own
  }
}
