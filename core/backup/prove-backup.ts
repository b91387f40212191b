import { worst, type Verdict } from '../integrity/verdict'
import type { BackupStore } from '../ports/backup-store'
import type { Clock } from '../ports/clock'
import type { KeyHolder } from '../ports/data-keys'
import { isPortError } from '../ports/errors'
import type { Reporter } from '../ports/reporter'
import type { RestoreTarget } from '../ports/restore-target'
import { requireAge, type AgeLimits } from './age'
import { unlocked } from './backup-key'
import type { BackupSecrets } from './backup-secrets'
import { asCheck, BACKUP_CHECKS, CheckFailed, fails, outcomeOf, type BackupCheck, type CheckOutcome } from './checks'
import { compareContent } from './compare-content'
import { isGenuine, parseManifest, streamContext, type BackupFacts, type Manifest } from './manifest'
import { Measured } from './measured'
import { dataOf, isNamed, manifestOf } from './names'
import { showing } from './progress'
import { isOfSeal, openStream } from './sealed-stream'
import { textOf } from './text-of'

export interface ProofWorld {
  readonly store: BackupStore
  /** Every key that may be the right one. */
  readonly keys: readonly KeyHolder[]
  readonly target: RestoreTarget
  readonly clock: Clock
  readonly reporter: Reporter
}

/** What the backup is taken for by whoever asks. */
export interface Expected {
  readonly database?: string
  readonly cluster?: string
  readonly age: AgeLimits
}

export interface BackupProof {
  readonly verdict: Verdict
  readonly name: string
  readonly checks: readonly CheckOutcome[]
  readonly facts?: BackupFacts
  readonly seconds: number
}

/**
 * Proves a backup the only way there is: by restoring it, and comparing what is there with what was there. Leaves the restored
 * database to the caller where everything passed, and nothing of it where anything did not.
 */
export async function proveBackup(world: ProofWorld, name: string, expected: Expected): Promise<BackupProof> {
  const began = world.clock.monotonicMs()
  const asked = new Map<BackupCheck, CheckOutcome>()
  const pass = (...checks: BackupCheck[]) => {
    for (const check of checks) asked.set(check, { check, verdict: 'pass' })
  }
  let facts: BackupFacts | undefined
  try {
    const manifest = await asCheck('manifest', async () =>
      parseManifest(await textOf(world.store.read(manifestOf(name)))),
    )
    facts = manifest.facts
    pass('manifest')
    if (!isNamed(name, facts.startedAt, facts.id))
      throw fails(
        'name',
        'MANIFEST_OF_ANOTHER',
        `the manifest is that of backup ${facts.id}, begun at ${facts.startedAt}`,
      )
    pass('name')
    const secrets = await asCheck('key', () => unlocked(world.keys, manifest))
    pass('key')
    if (!isGenuine(manifest, secrets))
      throw fails(
        'voucher',
        'MANIFEST_CHANGED',
        'the manifest was changed after the backup was taken; take another copy',
      )
    pass('voucher')
    requireOrigin(manifest, expected)
    pass('origin')
    requireAge(facts, expected.age, world.clock)
    pass('age')
    const lacking = await asCheck('roles', () => world.target.missingRoles(manifest.facts.roles))
    if (lacking.length > 0)
      throw fails('roles', 'ROLES_MISSING', `the server has no role ${lacking.map((role) => `'${role}'`).join(', ')}`)
    pass('roles')
    await load(world, name, facts, secrets)
    pass('bytes', 'sealed', 'restore')
    const restored = await asCheck('content', () => world.target.fingerprint())
    pass('content', 'catalog', 'sequences')
    for (const outcome of compareContent(facts.fingerprint, restored)) asked.set(outcome.check, outcome)
  } catch (error) {
    if (!(error instanceof CheckFailed)) {
      await world.target.remove()
      throw error
    }
    for (const outcome of error.outcomes) asked.set(outcome.check, outcome)
  }
  const verdict = worst([...asked.values()].map((outcome) => outcome.verdict))
  if (verdict !== 'pass') await world.target.remove()
  return {
    verdict,
    name,
    checks: BACKUP_CHECKS.map((check) => asked.get(check) ?? { check, verdict: 'inconclusive', code: 'NOT_REACHED' }),
    ...(facts && { facts }),
    seconds: (world.clock.monotonicMs() - began) / 1000,
  }
}

function requireOrigin({ facts: { origin } }: Manifest, { database, cluster }: Expected): void {
  if (database !== undefined && database !== origin.database)
    throw fails(
      'origin',
      'ANOTHER_DATABASE',
      `it is a backup of the database '${origin.database}', not of '${database}'`,
    )
  if (cluster !== undefined && cluster !== origin.cluster)
    throw fails(
      'origin',
      'ANOTHER_CLUSTER',
      `it is a backup of the cluster ${origin.cluster ?? 'that told no identifier'}, not of ${cluster}`,
    )
}

/** The whole of the stored stream into the target: proves that it is stored as it was written, opens, and restores. */
async function load(world: ProofWorld, name: string, { id, properties, data }: BackupFacts, secrets: BackupSecrets) {
  const { store, target } = world
  await asCheck('restore', () => target.create(properties))
  const stored = new Measured()
  const seal = { key: secrets.stream, context: streamContext(id), chunkBytes: data.chunkBytes }
  const reading = new Watched(openStream(seal, stored.of(store.read(dataOf(name)))))
  try {
    await target.load(showing(reading.stream(), 'restored', world, data.plainBytes))
  } catch (error) {
    // What a program says of a stream that ended in the middle is of no interest.
    const cause = reading.failure ?? error
    if (!isPortError(cause)) throw cause
    if (cause !== reading.failure) throw new CheckFailed([outcomeOf('restore', cause)])
    if (!isOfSeal(cause)) throw new CheckFailed([outcomeOf('bytes', cause)])
    throw new CheckFailed([outcomeOf('sealed', cause), ...(await asStored(world, name, data))])
  }
  const { bytes, sha256 } = stored.result()
  if (bytes !== data.bytes || sha256 !== data.sha256) throw new CheckFailed([differs(bytes, data)])
}

/** Whether the bytes of a stream that did not open are those that were written. */
async function asStored({ store }: ProofWorld, name: string, data: BackupFacts['data']): Promise<CheckOutcome[]> {
  const stored = new Measured()
  for await (const chunk of stored.of(store.read(dataOf(name)))) void chunk
  const { bytes, sha256 } = stored.result()
  return bytes === data.bytes && sha256 === data.sha256 ? [{ check: 'bytes', verdict: 'pass' }] : [differs(bytes, data)]
}

const differs = (bytes: number, data: BackupFacts['data']): CheckOutcome => ({
  check: 'bytes',
  verdict: 'fail',
  code: 'BYTES_DIFFER',
  detail: `${bytes} bytes are stored where ${data.bytes} were written${bytes === data.bytes ? ', and they are others' : ''}`,
})

/** A stream that remembers how it failed, whatever its reader makes of that. */
class Watched {
  failure: unknown

  constructor(private readonly inner: AsyncIterable<Uint8Array>) {}

  async *stream(): AsyncIterable<Uint8Array> {
    try {
      yield* this.inner
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}
