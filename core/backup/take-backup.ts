import type { BackupSource, DumpPart, HeldState } from '../ports/backup-source'
import type { BackupStore } from '../ports/backup-store'
import type { Clock } from '../ports/clock'
import type { KeyHolder } from '../ports/data-keys'
import type { Reporter } from '../ports/reporter'
import { secretsOf } from './backup-secrets'
import {
  keyContext,
  manifestText,
  sealOf,
  signedManifest,
  storedBytes,
  type BackupFacts,
  type StoredPart,
} from './manifest'
import { Counted, Measured } from './measured'
import { manifestOf, nameOf, partOf } from './names'
import { Progress } from './progress'
import { CHUNK_BYTES, sealStream } from './sealed-stream'
import { SideBySide } from './side-by-side'

export interface BackupWorld {
  readonly source: BackupSource
  readonly store: BackupStore
  readonly keys: KeyHolder
  readonly clock: Clock
  readonly reporter: Reporter
  /** A random UUID. */
  readonly newId: () => string
}

export interface TakenBackup {
  readonly name: string
  readonly facts: BackupFacts
  readonly keyId: string
}

/**
 * Backs a database up: dump and fingerprint of one snapshot, each part of the dump sealed on its way out, so that nothing of it
 * lies anywhere in the clear. The manifest comes last of all: what has one is whole, and what breaks off leaves none. Streams,
 * so that memory does not grow with the database.
 */
export const takeBackup = ({ source, ...world }: BackupWorld): Promise<TakenBackup> =>
  source.held((state) => keepState(world, state))

async function keepState(world: Omit<BackupWorld, 'source'>, state: HeldState): Promise<TakenBackup> {
  const { store, keys, clock, reporter } = world
  const id = world.newId()
  const startedAt = clock.now()
  const name = nameOf(startedAt, id)
  const { plain: dataKey, wrapped } = await keys.make(keyContext(id))
  const secrets = secretsOf(dataKey, id)
  const progress = new Progress('dumped', world)
  const work = new SideBySide()
  const keepPart = (part: DumpPart): Promise<StoredPart> =>
    work.start(async (ending) => {
      // Nobody asks for the hash of what was dumped: what is stored is hashed, and what comes out of it is compared.
      const dumped = new Counted()
      const stored = new Measured()
      const sealed = sealStream(sealOf(secrets, id, part.name), progress.of(dumped.of(part.bytes())))
      await store.keep(partOf(name, part.name), ending(stored.of(sealed)))
      return { name: part.name, plainBytes: dumped.bytes, ...stored.result() }
    })
  const keeping = Promise.all(state.parts.map(keepPart))
  // All at once: the one waits for the network and the compression, the other for the database's processors.
  const [[schema, ...rows], fingerprint] = await work.done(Promise.all([keeping, work.beside(state.fingerprint())]))
  const facts: BackupFacts = {
    format: 2,
    id,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    client: state.client,
    origin: state.origin,
    properties: state.properties,
    roles: state.roles,
    fingerprint,
    chunkBytes: CHUNK_BYTES,
    schema: schema!,
    rows,
  }
  const manifest = signedManifest(facts, secrets, { keyId: keys.keyId, wrapped })
  await store.keep(manifestOf(name), bytesOf(manifestText(manifest)))
  reporter.emit({ code: 'BACKUP_KEPT', text: `kept as ${name}, ${storedBytes(facts)} bytes`, data: { name } })
  return { name, facts, keyId: keys.keyId }
}

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text, 'utf8')
}
