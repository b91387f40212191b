import type { BackupStore } from '../ports/backup-store'
import type { Clock } from '../ports/clock'
import { isPortError } from '../ports/errors'
import type { Reporter } from '../ports/reporter'
import type { DumpSection, RestoreTarget } from '../ports/restore-target'
import type { BackupSecrets } from './backup-secrets'
import { CheckFailed, outcomeOf, type CheckOutcome } from './checks'
import { sealOf, type BackupFacts, type StoredPart } from './manifest'
import { Measured } from './measured'
import { partOf } from './names'
import { Progress } from './progress'
import { isOfSeal, openStream } from './sealed-stream'
import { SideBySide } from './side-by-side'

export interface LoadWorld {
  readonly store: BackupStore
  readonly target: RestoreTarget
  readonly clock: Clock
  readonly reporter: Reporter
}

/**
 * All stored parts into the target, the rows side by side: proves that they are stored as they were written, open, and restore.
 * The part with the definitions is read three times: privileges, and what is checked and built over rows, come after them.
 */
export async function loadParts(world: LoadWorld, name: string, facts: BackupFacts, secrets: BackupSecrets) {
  const { schema, rows } = facts
  const whole = rows.reduce((sum, { plainBytes }) => sum + plainBytes, 3 * schema.plainBytes)
  const progress = new Progress('restored', world, whole)
  const load = (section: DumpSection, parts: readonly StoredPart[]) => {
    const work = new SideBySide()
    const loading = parts.map((part) =>
      work.start((ending) =>
        new Part(world.store, name, part).load(facts, secrets, (plain) =>
          world.target.load(progress.of(ending(plain)), section),
        ),
      ),
    )
    return work.done(Promise.all(loading))
  }
  await load('pre-data', [schema])
  await load('data', rows)
  await load('privileges', [schema])
  await load('post-data', [schema])
}

class Part {
  constructor(
    private readonly store: BackupStore,
    private readonly backup: string,
    private readonly part: StoredPart,
  ) {}

  async load(
    { id, chunkBytes }: BackupFacts,
    secrets: BackupSecrets,
    into: (plain: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void> {
    const stored = new Measured()
    const seal = { ...sealOf(secrets, id, this.part.name), chunkBytes }
    const reading = new Watched(openStream(seal, stored.of(this.read())))
    try {
      await into(reading.stream())
    } catch (error) {
      // What a program says of a stream that ended in the middle is of no interest.
      const cause = reading.failure ?? error
      if (!isPortError(cause)) throw cause
      if (cause !== reading.failure) throw new CheckFailed([outcomeOf('restore', cause)])
      if (!isOfSeal(cause)) throw new CheckFailed([outcomeOf('bytes', cause)])
      throw new CheckFailed([outcomeOf('sealed', cause), await this.asStored()])
    }
    const outcome = this.judged(stored)
    if (outcome.verdict !== 'pass') throw new CheckFailed([outcome])
  }

  /** Whether the bytes of a stream that did not open are those that were written. */
  private async asStored(): Promise<CheckOutcome> {
    const stored = new Measured()
    for await (const chunk of stored.of(this.read())) void chunk
    return this.judged(stored)
  }

  private judged(stored: Measured): CheckOutcome {
    const { part } = this
    const { bytes, sha256 } = stored.result()
    if (bytes === part.bytes && sha256 === part.sha256) return { check: 'bytes', verdict: 'pass' }
    const others = bytes === part.bytes ? ', and they are others' : ''
    const detail = `${bytes} bytes are stored as '${part.name}' where ${part.bytes} were written${others}`
    return { check: 'bytes', verdict: 'fail', code: 'BYTES_DIFFER', detail }
  }

  private read = (): AsyncIterable<Uint8Array> => this.store.read(partOf(this.backup, this.part.name))
}

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
