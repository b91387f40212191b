import * as z from 'zod/mini'
import { contentHash } from '../evidence/hash'
import type { Json } from '../json'
import type { ConditionalStore } from '../ports/conditional-store'
import { LEDGER_KINDS, type LedgerEntry } from '../ports/database'
import { PortError } from '../ports/errors'
import type { Places } from './places'

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const sequence = z.int().check(z.positive())
const accepted = z.strictObject({
  sequence,
  id: z.string(),
  kind: z.enum(LEDGER_KINDS),
  subjectId: z.string(),
  acceptedAt: z.iso.datetime(),
  payloadHash: z.optional(sha256),
})
/** Nothing is ever changed in a ledger: that an entry was applied is a link of its own. */
const applied = z.strictObject({ sequence, kind: z.literal('applied'), applies: sequence, appliedAt: z.iso.datetime() })
const linkSchema = z.strictObject({
  record: z.discriminatedUnion('kind', [accepted, applied]),
  previousHash: sha256,
  hash: sha256,
})
const headSchema = z.strictObject({ sequence, hash: sha256 })

/** One link of the ledger as stored: the record, and the hash over it and its predecessor's. */
type Link = z.infer<typeof linkSchema>
type Unnumbered<Of> = Omit<Of, 'sequence'>
type LedgerRequest = Unnumbered<z.infer<typeof accepted>>
/** Last link that both places are known to have held. */
export type LedgerHead = z.infer<typeof headSchema>

export interface Ledger {
  readonly entries: readonly LedgerEntry[]
  /** Absent while the ledger is empty. */
  readonly head?: LedgerHead
}

const PREFIX = 'erasure-ledger/'
/** After every link in key order, and in the same partition as they. */
const HEAD = `${PREFIX}head`
const START = '0'.repeat(64)

/** Zero-padded so that key order is sequence order. */
const keyOf = (at: number): string => `${PREFIX}${String(at).padStart(12, '0')}`

/**
 * Appends and returns the entry once both places hold it; an interrupted append is completed by repeating it, or by the
 * next one. Throws PortError('conflict') where the id stands for another request.
 */
export async function appendToLedger(places: Places, request: LedgerRequest): Promise<LedgerEntry> {
  const links = await levelled(places)
  const held = entriesOf(links).find(({ id }) => id === request.id)
  if (held && !isSame(held, request))
    throw new PortError('conflict', 'LEDGER_ID_TAKEN', `another request stands as '${request.id}'; use its own id`)
  if (held) {
    await acknowledge(places, links)
    return held
  }
  await append(places, links, request)
  return { sequence: links.length + 1, ...request }
}

/** Records, once, that the production database holds an entry. Throws PortError('conflict') for an id that nobody appended. */
export async function markApplied(places: Places, id: string, at: Date): Promise<LedgerEntry> {
  const links = await levelled(places)
  const held = entriesOf(links).find((entry) => entry.id === id)
  if (!held) throw new PortError('conflict', 'LEDGER_ENTRY_UNKNOWN', `the ledger holds no entry '${id}'`)
  if (held.appliedAt !== undefined) {
    await acknowledge(places, links)
    return held
  }
  const appliedAt = at.toISOString()
  await append(places, links, { kind: 'applied', applies: held.sequence, appliedAt })
  return { ...held, appliedAt }
}

/**
 * The whole ledger, checked link by link, from whichever place holds more. Both places must answer, agree as far as both
 * reach, and reach the last head that either recorded: a database must not open on a ledger that may be missing an erasure.
 */
export async function readLedger(places: Places): Promise<Ledger> {
  const { longer } = await readBoth(places)
  const last = longer.at(-1)
  return { entries: entriesOf(longer), ...(last && { head: headOf(last) }) }
}

/** The links of both places, after the shorter one was given what an interrupted append had kept from it. */
async function levelled(places: Places): Promise<readonly Link[]> {
  const { longer, shorter, behind } = await readBoth(places)
  for (const link of longer.slice(shorter.length)) await put(behind, link)
  return longer
}

async function readBoth({ recovery, witness }: Places) {
  const [one, other] = [await readPlace(recovery), await readPlace(witness)]
  const [first, second] = one.links.length >= other.links.length ? [one, other] : [other, one]
  const [longer, shorter] = [first.links, second.links]
  const split = shorter.findIndex((link, i) => link.hash !== longer[i]?.hash)
  if (split >= 0)
    throw new PortError(
      'conflict',
      'LEDGER_DIVERGED',
      `the ledgers of the two places differ from entry ${split + 1} on; compare them before opening`,
    )
  for (const { head } of [first, second])
    if (head && longer[head.sequence - 1]?.hash !== head.hash)
      throw new PortError(
        'conflict',
        'LEDGER_BEHIND',
        `the ledger ends at entry ${longer.length}, but another one was acknowledged as entry ${head.sequence}; find it before opening`,
      )
  return { longer, shorter, behind: first === one ? witness : recovery }
}

async function readPlace(store: ConditionalStore): Promise<{ readonly links: Link[]; readonly head?: LedgerHead }> {
  const links: Link[] = []
  let head: LedgerHead | undefined
  for await (const { key, value } of store.list(PREFIX)) {
    if (key === HEAD) {
      head = inForm(headSchema, key, value)
      continue
    }
    const link = inForm(linkSchema, key, value)
    const previousHash = links.at(-1)?.hash ?? START
    const number = links.length + 1
    const follows = key === keyOf(number) && link.record.sequence === number && link.previousHash === previousHash
    if (!follows || link.hash !== hashOf(link.record, previousHash)) throw broken(key)
    links.push(link)
  }
  return { links, ...(head && { head }) }
}

function inForm<Form extends z.core.$ZodType>(form: Form, key: string, value: Json): z.core.output<Form> {
  const parsed = z.safeParse(form, value)
  if (!parsed.success) throw broken(key)
  return parsed.data
}

const broken = (key: string): PortError =>
  new PortError(
    'conflict',
    'LEDGER_BROKEN',
    `the erasure ledger is broken at '${key}'; nothing may open before it is repaired`,
  )

async function append(
  places: Places,
  links: readonly Link[],
  request: LedgerRequest | Unnumbered<z.infer<typeof applied>>,
): Promise<void> {
  const previousHash = links.at(-1)?.hash ?? START
  const record: Link['record'] = { sequence: links.length + 1, ...request }
  const link = { record, previousHash, hash: hashOf(record, previousHash) }
  for (const store of [places.recovery, places.witness]) await put(store, link)
  await acknowledge(places, [...links, link])
}

async function put(store: ConditionalStore, link: Link): Promise<void> {
  const key = keyOf(link.record.sequence)
  if ((await store.create(key, link)) === 'created') return
  const held = (await store.get(key))?.value as unknown as Link | undefined
  if (held?.hash === link.hash) return
  throw raced(link.record.sequence)
}

/** Remembers in both places how far the ledger has come, so that a place that loses its end is found out. */
async function acknowledge({ recovery, witness }: Places, links: readonly Link[]): Promise<void> {
  const last = links.at(-1)
  if (!last) return
  for (const store of [recovery, witness]) {
    const stored = await store.get(HEAD)
    if (stored && inForm(headSchema, HEAD, stored.value).sequence >= last.record.sequence) continue
    const head = { ...headOf(last) }
    const written = stored ? await store.replace(HEAD, head, stored.version) : await store.create(HEAD, head)
    if (written !== 'created' && written !== 'replaced') throw raced(last.record.sequence)
  }
}

const raced = (at: number): PortError =>
  new PortError('unreachable', 'LEDGER_RACED', `somebody appended entry ${at} at the same moment; append again`)

function entriesOf(links: readonly Link[]): readonly LedgerEntry[] {
  const appliedAt = new Map(
    links.flatMap(({ record }) => (record.kind === 'applied' ? [[record.applies, record.appliedAt] as const] : [])),
  )
  return links.flatMap(({ record }) => {
    if (record.kind === 'applied') return []
    const at = appliedAt.get(record.sequence)
    return [{ ...record, ...(at && { appliedAt: at }) }]
  })
}

/** The moment of acceptance is the first one's: who repeats a request asks for nothing new. */
const isSame = (held: LedgerEntry, request: LedgerRequest): boolean =>
  held.kind === request.kind && held.subjectId === request.subjectId && held.payloadHash === request.payloadHash

const headOf = ({ record, hash }: Link): LedgerHead => ({ sequence: record.sequence, hash })

const hashOf = (record: Link['record'], previousHash: string): string => contentHash([previousHash, record])
