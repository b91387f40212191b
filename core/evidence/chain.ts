import { PortError } from '../ports/errors'
import type { EvidenceDraft, EvidenceLog } from '../ports/evidence-log'
import type { WriteOnceStore } from '../ports/write-once-store'
import { sha256 } from './hash'
import { chainName, recordKey, reservationKey, type ChainRef } from './layout'
import {
  evidenceRecordSchema,
  GENESIS,
  outcomeSchema,
  readStored,
  seal,
  storedText,
  type EvidenceRecord,
} from './record'
import { screenDraft } from './screen'

/** Who writes, under which policy. */
export interface EvidenceIdentity extends ChainRef {
  readonly environment: string
  /** `contentHash` of the resolved policy in force. */
  readonly policyHash: string
}

/** A record's place in its chain. */
export interface Head {
  readonly sequence: number
  readonly hash: string
}

/**
 * The evidence log over a write-once store. Appending is safe from several processes at once, and after a crash at
 * any point: the draft's key is reserved with the place from which its record can stand, and the search for a free
 * place always begins there, so that a repeated draft finds its own record. Costs a few calls of the store, and
 * 2 log2(n) reads once per process to find the head of n records.
 */
export class EvidenceChain implements EvidenceLog {
  private known: Head | undefined

  constructor(
    private readonly store: WriteOnceStore,
    readonly identity: EvidenceIdentity,
  ) {}

  async append(draft: EvidenceDraft): Promise<{ id: string; sequence: number; hash: string }> {
    outcomeSchema.parse(draft.outcome)
    screenDraft(draft)
    const id = this.idOf(draft.key)
    let sequence = await this.firstPossiblePlace(id)
    let previousHash = sequence === 0 ? GENESIS : (await this.require(sequence - 1)).hash
    for (;;) {
      const held = (await this.read(sequence)) ?? (await this.tryPlace(draft, id, sequence, previousHash))
      if (held) {
        if (!this.known || held.sequence > this.known.sequence) this.known = { sequence, hash: held.hash }
        if (held.id === id) return { id, sequence, hash: held.hash }
        previousHash = held.hash
        sequence += 1
      }
    }
  }

  /** Whether a draft of this key was ever given to the chain. Costs one read, however long the chain is. */
  async holds(key: string): Promise<boolean> {
    return (await this.store.get(reservationKey(this.identity, this.idOf(key)))) !== undefined
  }

  /** The newest record, or undefined in an empty chain. */
  async head(): Promise<Head | undefined> {
    this.known = await findHead((sequence) => this.read(sequence), this.known)
    return this.known
  }

  private idOf(key: string): string {
    return `ev-${sha256(`${chainName(this.identity)}/${key}`).slice(0, 32)}`
  }

  /** The record now at the place: ours, or the one of whoever was quicker. */
  private async tryPlace(
    draft: EvidenceDraft,
    id: string,
    sequence: number,
    previousHash: string,
  ): Promise<EvidenceRecord> {
    const { environment, region, writer, policyHash } = this.identity
    const { kind, subject, startedAt, finishedAt, outcome, measurements, artefacts, controls, actor } = draft
    const body = {
      id,
      sequence,
      kind,
      subject,
      environment,
      region,
      writer,
      policyHash,
      startedAt,
      finishedAt,
      outcome,
    }
    const record = evidenceRecordSchema.parse(seal({ ...body, measurements, artefacts, controls, actor, previousHash }))
    const written = await this.store.create(recordKey(this.identity, sequence), storedText(record))
    return written === 'created' ? record : this.require(sequence)
  }

  private async firstPossiblePlace(id: string): Promise<number> {
    const head = await this.head()
    const next = head ? head.sequence + 1 : 0
    const key = reservationKey(this.identity, id)
    if ((await this.store.create(key, String(next))) === 'created') return next
    const reserved = Number(await this.store.get(key))
    return Number.isInteger(reserved) && reserved >= 0 ? Math.min(reserved, next) : 0
  }

  private async read(sequence: number): Promise<EvidenceRecord | undefined> {
    const key = recordKey(this.identity, sequence)
    const text = await this.store.get(key)
    if (text === undefined) return undefined
    const record = readStored(evidenceRecordSchema, text)
    if (!record) throw broken('EVIDENCE_RECORD_UNREADABLE', `'${key}' is not a record in canonical form`)
    return record
  }

  private async require(sequence: number): Promise<EvidenceRecord> {
    const record = await this.read(sequence)
    if (!record)
      throw broken('EVIDENCE_RECORD_MISSING', `'${recordKey(this.identity, sequence)}' must exist and does not`)
    return record
  }
}

/** Gallops, then bisects: records stand without a gap, so the last one is found in 2 log2(n) reads. */
export async function findHead(
  read: (sequence: number) => Promise<{ readonly hash: string } | undefined>,
  from?: Head,
): Promise<Head | undefined> {
  let low = from ?? (await headAt(read, 0))
  if (!low) return undefined
  let step = 1
  let high: number | undefined
  while (high === undefined || high - low.sequence > 1) {
    const probe: number = high === undefined ? low.sequence + step : Math.floor((low.sequence + high) / 2)
    const found = await headAt(read, probe)
    if (found) low = found
    else high = probe
    step *= 2
  }
  return low
}

async function headAt(
  read: (sequence: number) => Promise<{ readonly hash: string } | undefined>,
  sequence: number,
): Promise<Head | undefined> {
  const record = await read(sequence)
  return record && { sequence, hash: record.hash }
}

const broken = (code: string, what: string): PortError =>
  new PortError('conflict', code, `${what}; run 'recovery evidence verify' and keep the store as it is`)
