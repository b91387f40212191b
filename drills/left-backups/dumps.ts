import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FolderWriteOnceStore } from '../../adapters/local/folder-write-once-store'
import { KeyFileSigner } from '../../adapters/local/key-file-signer'
import { postgresClient } from '../../adapters/local/postgres-client'
import { PostgresDumpSource } from '../../adapters/postgres/dump'
import { FENCE_ROLE } from '../../adapters/postgres/guard-schema'
import { archivedClasses, archivedTables } from '../../core/archive/classes'
import { dumpToArchive } from '../../core/archive/dump'
import { lastDump } from '../../core/archive/late-dumps'
import { EvidenceChain, writeCheckpoint } from '../../core/evidence'
import type { InstanceRef } from '../../core/ports/database'
import { isUserError } from '../../core/user-error'
import type { Stage } from '../stage'
import type { LeftRegion } from './index'

/** Nobody holds a table at the end of a drill. */
const LOCK_WAIT_MS = 60_000

/**
 * The dump that was due last, made now of the database that serves, and copied to the other region as a bucket replicates it.
 * Without PostgreSQL's client programs there is none, and the daily look says so.
 */
export async function leaveDumps(stage: Stage, regions: readonly LeftRegion[], serving: InstanceRef): Promise<void> {
  const { world, size, evidence, ports, say } = stage
  const { policy } = size
  const due = lastDump(policy, ports.clock.now())
  const client = await serverClient(world, serving).catch((error: unknown) => {
    if (!isUserError(error)) throw error
    say(`no dump is left: ${error.message}`)
    return undefined
  })
  const here = regions.find(({ expected }) => expected.region === serving.region)
  if (!due || !client || !here) return
  const endpoint = world.endpointOf(serving)
  const authorities = join(world.folder, 'authorities.pem')
  await writeFile(authorities, endpoint.authority)
  const store = new FolderWriteOnceStore(join(size.folder, 'evidence'))
  const chain = new EvidenceChain(store, {
    region: serving.region,
    writer: 'archive-dump',
    environment: policy.environment,
    policyHash: evidence.policyHash,
  })
  await dumpToArchive(
    {
      source: new PostgresDumpSource({
        endpoint,
        authorities,
        program: join(client, 'pg_dump'),
        login: async () => world.plan.login(FENCE_ROLE),
        lockWaitMs: LOCK_WAIT_MS,
      }),
      archive: here.folder.archive,
      evidence: chain,
      clock: ports.clock,
      environment: policy.environment,
      tables: new Map(archivedClasses(policy).map((name) => [name, archivedTables(policy, name)])),
    },
    due,
  )
  const signer = await KeyFileSigner.open(join(size.folder, 'keys'), serving.region)
  await writeCheckpoint({ store, signer, clock: ports.clock, chain, others: [], reason: 'runbook' })
  for (const { folder } of regions)
    if (folder !== here.folder) await cp(here.folder.archive.folder, folder.archive.folder, { recursive: true })
}

/** Folder of the client programs for the version of the server. */
async function serverClient(world: Stage['world'], serving: InstanceRef): Promise<string> {
  const version = await world.withInstance(serving, async (client) => {
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`)
    return Number(rows[0]!.version)
  })
  return (await postgresClient(Math.floor(version / 10_000))).folder
}
