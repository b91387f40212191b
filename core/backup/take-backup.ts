import type { BackupSource, HeldState } from '../ports/backup-source'
import type { BackupStore } from '../ports/backup-store'
import type { Clock } from '../ports/clock'
import type { KeyHolder } from '../ports/data-keys'
import type { Reporter } from '../ports/reporter'
import { secretsOf } from './backup-secrets'
import { keyContext, manifestText, signedManifest, streamContext, type BackupFacts } from './manifest'
import { Counted, Measured } from './measured'
import { dataOf, manifestOf, nameOf } from './names'
import { showing } from './progress'
import { CHUNK_BYTES, sealStream } from './sealed-stream'

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
 * Backs a database up: dump and fingerprint of one snapshot, the dump sealed on its way out, so that nothing of it lies
 * anywhere in the clear. The manifest comes last of all: what has one is whole, and what breaks off leaves none. Streams, so
 * that memory does not grow with the database.
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
  // Nobody asks for its hash: what is stored is hashed, and what comes out of it is compared.
  const dumped = new Counted()
  const stored = new Measured()
  const sealed = sealStream(
    { key: secrets.stream, context: streamContext(id) },
    showing(dumped.of(state.dump()), 'dumped', world),
  )
  const stop = new AbortController()
  const keeping = store.keep(dataOf(name), endedBy(stop.signal, stored.of(sealed)))
  // Both at once: the one waits for the network and the compression, the other for the database's processors.
  const [fingerprint] = await Promise.all([state.fingerprint(), keeping]).catch(async (error: unknown) => {
    stop.abort(error)
    await keeping.catch(() => undefined)
    throw error
  })
  const facts: BackupFacts = {
    format: 1,
    id,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    client: state.client,
    origin: state.origin,
    properties: state.properties,
    roles: state.roles,
    fingerprint,
    data: { plainBytes: dumped.bytes, ...stored.result(), chunkBytes: CHUNK_BYTES },
  }
  const manifest = signedManifest(facts, secrets, { keyId: keys.keyId, wrapped })
  await store.keep(manifestOf(name), bytesOf(manifestText(manifest)))
  reporter.emit({ code: 'BACKUP_KEPT', text: `kept as ${name}, ${facts.data.bytes} bytes`, data: { name } })
  return { name, facts, keyId: keys.keyId }
}

/** Ends with the signal's reason once it is given, instead of the chunk that would come next. */
async function* endedBy(signal: AbortSignal, stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) {
    signal.throwIfAborted()
    yield chunk
  }
  signal.throwIfAborted()
}

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text, 'utf8')
}
