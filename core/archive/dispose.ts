import { contentHash } from '../evidence/hash'
import { keepUntil } from '../policy/retention'
import type { Policy } from '../policy'
import type { ArchiveDisposal, ArchivedVersion } from '../ports/archive-disposal'
import type { Clock } from '../ports/clock'
import type { ConditionalStore } from '../ports/conditional-store'
import { PortError } from '../ports/errors'
import type { EvidenceDraft, EvidenceLog } from '../ports/evidence-log'
import { decisionOnOrder, readOrder, type DisposalOrder } from './disposal-order'

export interface DisposalWorld {
  /** Holds the orders and the approvals. */
  readonly store: ConditionalStore
  readonly archive: ArchiveDisposal
  readonly evidence: EvidenceLog & { holds(key: string): Promise<boolean> }
  readonly clock: Clock
  readonly dataClasses: Policy['dataClasses']
}

export interface Disposed {
  readonly versions: number
}

/**
 * Destroys what a recorded and approved order names, in the archive of one region. Refuses everything where one part of it
 * may not be destroyed: no order, no approval by two people, retention that still runs from the last entry or from the day
 * of archiving, a lock, a legal hold, a key that holds nothing. Writes to the evidence before and after; run again after a crash, it goes on.
 */
export async function dispose(world: DisposalWorld, id: string): Promise<Disposed> {
  const { store, archive, clock, evidence } = world
  const order = await readOrder(store, id)
  const startedAt = clock.now()
  const decision = await decisionOnOrder(store, order, startedAt)
  if (decision.kind !== 'approved')
    throw new PortError(
      'denied',
      'DISPOSAL_NOT_APPROVED',
      `disposal '${id}' is ${decision.kind}; two people have to approve it`,
    )
  // What a run before a crash destroyed is not there any more; before the first one, every key has to hold something.
  const resumed = await evidence.holds(keyOf('disposal-begun', order))
  const versions: ArchivedVersion[] = []
  for (const key of order.keys) {
    const found = await archive.versions(order.dataClass, key)
    if (found.length === 0 && !resumed)
      throw new PortError(
        'conflict',
        'ARCHIVE_KEY_EMPTY',
        `disposal '${order.id}' names '${key}', under which nothing is archived in class ${order.dataClass}; correct the order`,
      )
    versions.push(...found)
  }
  refuseWhatIsKept(order, versions, world.dataClasses[order.dataClass].retentionYears, startedAt)
  const approvedBy = decision.by.length
  await evidence.append(
    record(order, 'disposal-begun', startedAt, startedAt, { approvedBy, versions: versions.length }),
  )
  for (const version of versions) await archive.deleteVersion(order.dataClass, version)
  await evidence.append(record(order, 'disposal', startedAt, clock.now(), { approvedBy }))
  return { versions: versions.length }
}

function refuseWhatIsKept(order: DisposalOrder, versions: readonly ArchivedVersion[], years: number, now: Date): void {
  const keptFrom = [order.lastEntryAt, ...versions.map(({ archivedAt }) => archivedAt)]
  const until = keptFrom
    .map((from) => keepUntil(new Date(from), years))
    .toSorted((a, b) => b.getTime() - a.getTime())[0]
  if (until && until > now)
    throw new PortError(
      'conflict',
      'RETENTION_RUNS',
      `disposal '${order.id}' names what has to be kept until ${until.toISOString()}; wait, or leave it out`,
    )
  const held = versions.find(({ legalHold }) => legalHold)
  if (held)
    throw new PortError('conflict', 'LEGAL_HOLD', `'${held.key}' is on legal hold; leave it out of the disposal`)
  const locked = versions.find(({ lockedUntil }) => lockedUntil !== undefined && new Date(lockedUntil) > now)
  if (locked)
    throw new PortError(
      'conflict',
      'ARCHIVE_LOCKED',
      `'${locked.key}' is locked until ${locked.lockedUntil}; wait, or leave it out of the disposal`,
    )
}

type RecordKind = 'disposal-begun' | 'disposal'

/** Of the order and not of the moment, so that a run after a crash finds its own records. */
const keyOf = (kind: RecordKind, order: DisposalOrder): string => `${kind}/${order.id}`

const record = (
  order: DisposalOrder,
  kind: RecordKind,
  startedAt: Date,
  finishedAt: Date,
  more: { readonly approvedBy: number; readonly versions?: number },
): EvidenceDraft => ({
  key: keyOf(kind, order),
  kind,
  subject: order.id,
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt.toISOString(),
  outcome: 'succeeded',
  measurements: {
    dataClass: order.dataClass,
    objects: order.keys.length,
    orderHash: contentHash(order),
    ...more,
  },
  artefacts: [],
  controls: [],
  actor: 'archive-disposal',
})
