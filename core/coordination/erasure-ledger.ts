import { createHash } from 'node:crypto'
import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import type { LedgerEntry } from '../ports/database'
import { PortError } from '../ports/errors'

/** One link of the ledger as stored: the entry and the hash over it and its predecessor. */
interface Link {
  readonly entry: LedgerEntry
  readonly previousHash: string
  readonly hash: string
}

export interface LedgerPlaces {
  readonly recovery: ConditionalStore
  readonly witness: ConditionalStore
}

const PREFIX = 'erasure-ledger/'
const START = '0'.repeat(64)

/** Zero-padded so that key order is sequence order. */
const keyOf = (sequence: number): string => `${PREFIX}${String(sequence).padStart(12, '0')}`

/** Appends and returns the entry once both places hold it; an interrupted append is completed by repeating it. */
export async function appendToLedger(
  places: LedgerPlaces,
  request: Omit<LedgerEntry, 'sequence'>,
): Promise<LedgerEntry> {
  const links = await readLinks(places.recovery)
  const open = links.find(({ entry }) => entry.subjectId === request.subjectId && entry.kind === request.kind)
  const link = open ?? nextLink(links.at(-1), request)
  for (const store of [places.recovery, places.witness]) {
    const key = keyOf(link.entry.sequence)
    if ((await store.create(key, link as unknown as Json)) === 'created') continue
    const held = (await store.get(key))?.value as unknown as Link | undefined
    if (held?.hash !== link.hash) {
      throw new PortError(
        'unreachable',
        'LEDGER_RACED',
        `somebody appended entry ${link.entry.sequence} at the same moment; append again`,
      )
    }
  }
  return link.entry
}

/**
 * All entries, checked link by link, from whichever place holds more. Both places must answer and agree as far as both
 * reach: a database must not open on a ledger that may be missing an erasure.
 */
export async function readLedger(places: LedgerPlaces): Promise<LedgerEntry[]> {
  const [recovery, witness] = [await readLinks(places.recovery), await readLinks(places.witness)]
  const [longer, shorter] = recovery.length >= witness.length ? [recovery, witness] : [witness, recovery]
  const split = shorter.findIndex((link, i) => link.hash !== longer[i]?.hash)
  if (split >= 0)
    throw new PortError(
      'conflict',
      'LEDGER_DIVERGED',
      `the ledgers of the two places differ from entry ${split + 1} on; compare them before opening`,
    )
  return longer.map(({ entry }) => entry)
}

async function readLinks(store: ConditionalStore): Promise<Link[]> {
  const links: Link[] = []
  for await (const { key, value } of store.list(PREFIX)) {
    const link = value as unknown as Link
    const previousHash = links.at(-1)?.hash ?? START
    if (
      key !== keyOf(links.length + 1) ||
      link.previousHash !== previousHash ||
      link.hash !== hashOf(link.entry, previousHash)
    ) {
      throw new PortError(
        'conflict',
        'LEDGER_BROKEN',
        `the erasure ledger is broken at '${key}'; nothing may open before it is repaired`,
      )
    }
    links.push(link)
  }
  return links
}

function nextLink(last: Link | undefined, request: Omit<LedgerEntry, 'sequence'>): Link {
  const entry: LedgerEntry = { sequence: (last?.entry.sequence ?? 0) + 1, ...request }
  const previousHash = last?.hash ?? START
  return { entry, previousHash, hash: hashOf(entry, previousHash) }
}

function hashOf(entry: LedgerEntry, previousHash: string): string {
  const fields = [previousHash, entry.sequence, entry.kind, entry.subjectId, entry.acceptedAt]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}
