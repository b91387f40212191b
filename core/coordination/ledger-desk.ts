import { demand } from '../access/demand'
import { screenDraft } from '../evidence/screen'
import type { Actor, OperatorWorld } from '../operator'
import type { LedgerEntry } from '../ports/database'
import { PortError } from '../ports/errors'
import type { EvidenceDraft } from '../ports/evidence-log'
import { holdsCorrection, storeCorrection } from './corrections'
import { appendToLedger, markApplied, readLedger, type Ledger, type LedgerHead } from './erasure-ledger'

/** A request as a person records it: when it was accepted, the desk says. */
export interface WantedEntry extends Pick<LedgerEntry, 'id' | 'kind' | 'subjectId'> {
  /** The sealed fields of a correction, and of nothing else. */
  readonly sealed?: string
}

/**
 * Records a request that a restore must not undo; acknowledged once both places hold it. The same again completes what
 * failed in between. Throws PortError('denied') for whoever may not, ('invalid') for what is not in form.
 */
export async function appendAtDesk(world: OperatorWorld, wanted: WantedEntry): Promise<LedgerEntry> {
  const { places, evidence, clock, actor } = world
  demand(actor, 'keep-ledger')
  const { sealed, ...request } = wanted
  if ((wanted.kind === 'correction') !== (sealed !== undefined))
    throw new PortError('invalid', 'LEDGER_FORM', 'a correction comes with its sealed fields, and nothing else does')
  const now = clock.now()
  // Before anything is stored: a subject is a pseudonym, or the name of a login.
  screenDraft(draftOf('appended', { ...request, sequence: 0 }, actor, now, { of: request.subjectId }))
  const payloadHash = sealed === undefined ? undefined : await storeCorrection(places.recovery, request.id, sealed)
  const entry = await appendToLedger(places, {
    ...request,
    acceptedAt: now.toISOString(),
    ...(payloadHash && { payloadHash }),
  })
  await evidence.append(draftOf('appended', entry, actor, now))
  return entry
}

/**
 * Records that the production database holds what an entry asks for. The desk says when: a moment that is too late only makes
 * a replay repeat itself, one that is too early would make it leave something out.
 */
export async function appliedAtDesk(world: OperatorWorld, id: string): Promise<LedgerEntry> {
  const { places, evidence, clock, actor } = world
  demand(actor, 'keep-ledger')
  const now = clock.now()
  const entry = await markApplied(places, id, now)
  await evidence.append(draftOf('applied', entry, actor, now))
  return entry
}

/** The ledger as it stands, for whoever may see it: pseudonyms and codes. */
export async function ledgerAtDesk({ places, actor }: OperatorWorld): Promise<Ledger> {
  demand(actor, 'see-ledger')
  return readLedger(places)
}

/**
 * Checks every link, that both places tell the same, and that the sealed fields of each correction are there and unchanged.
 * Throws PortError('conflict') for the first thing that would keep a recovered database closed.
 */
export async function verifyAtDesk({ places, actor }: OperatorWorld): Promise<{
  readonly entries: number
  /** Not applied in production so far. */
  readonly waiting: number
  readonly corrections: number
  readonly head?: LedgerHead
}> {
  demand(actor, 'see-ledger')
  const { entries, head } = await readLedger(places)
  for (const entry of entries)
    if (!(await holdsCorrection(places.recovery, entry)))
      throw new PortError(
        'conflict',
        'CORRECTION_MISSING',
        `the sealed fields of correction '${entry.id}' are gone or were changed`,
      )
  return {
    entries: entries.length,
    waiting: entries.filter(({ appliedAt }) => appliedAt === undefined).length,
    corrections: entries.filter(({ kind }) => kind === 'correction').length,
    ...(head && { head }),
  }
}

/** Without the subject: evidence is kept longer than whoever asked to be erased. */
const draftOf = (
  event: 'appended' | 'applied',
  { id, kind, sequence }: Pick<LedgerEntry, 'id' | 'kind' | 'sequence'>,
  actor: Actor,
  at: Date,
  more: Readonly<Record<string, string>> = {},
): EvidenceDraft => ({
  key: `ledger-${event}/${id}`,
  kind: `ledger-${event}`,
  subject: 'erasure-ledger',
  startedAt: at.toISOString(),
  finishedAt: at.toISOString(),
  outcome: 'succeeded',
  measurements: { request: id, entryKind: kind, sequence, role: actor.role, ...more },
  artefacts: [],
  controls: ['ERASURE-LEDGER'],
  actor: `person-${actor.person}`,
})
