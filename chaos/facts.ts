import type { Decision } from '../core/coordination/approvals'
import type { Continuation } from '../core/runbook/continuation'
import type { RunState } from '../core/runbook/model'
import type { MoveInput } from '../core/runbook/steps/input'

/** When something was seen: on the virtual clock, and where the run stood. */
export interface Moment {
  readonly atMs: number
  readonly step: string
}

/** One person's answer to a question, and whether it was taken. */
export interface Answer {
  readonly key: string
  readonly by: string
  readonly approve: boolean
  /** Given after the question's expiry. */
  readonly isLate: boolean
  readonly taken: Decision['kind'] | 'refused'
}

/** A question as it was stored when it was asked. */
export interface Question {
  readonly key: string
  readonly step: string
  readonly kind: 'second-person' | 'attestation'
  readonly requestedBy: string
  readonly expiresAtMs: number
}

/** What really happened, from outside the run: everything that the invariants judge. */
export interface Facts {
  /** As the journal holds it at the end; undefined where nothing was ever entered. */
  readonly run: RunState<MoveInput> | undefined
  readonly input: MoveInput
  /** Whether the move is a choice, with a writer that works: it must not cost a single write. */
  readonly isPlanned: boolean
  readonly continuation: Continuation | undefined
  /** First moments at which something was seen that must never be. */
  readonly seen: {
    readonly bothWritable?: Moment
    /** The old writer took writes although both places had named another for longer than lease and margin. */
    readonly deposedWritable?: Moment
    /** The old writer took writes although the run holds that it is fenced. */
    readonly fencedWritable?: Moment
    /** Clients were let into the successor before it was proven, judged, complete and pointed to. */
    readonly openedEarly?: Moment
    /** Traffic was pointed to what had not been proven to write. */
    readonly switchedEarly?: Moment
    readonly journalWentBack?: Moment
  }
  /** Keys under which each effect was asked for. */
  readonly keys: Readonly<Record<string, readonly string[]>>
  readonly writes: {
    readonly mode: 'sync' | 'async'
    readonly acknowledged: number
    readonly promotion: { readonly acknowledged: number; readonly shipped: number } | undefined
  }
  /** Real time that passed since both places named another holder when the run held the lease for expired. */
  readonly leaseWaitedMs: number | undefined
  /** Heartbeats the successor held when the run saw the fence done, and when the promotion began. */
  readonly heartbeats: { readonly atFence: number | undefined; readonly atPromotion: number | undefined }
  /** Observers that said down, the last time the run asked them; undefined where it never did. */
  readonly downKinds: readonly string[] | undefined
  readonly questions: readonly Question[]
  readonly answers: readonly Answer[]
  readonly evidence: {
    readonly verdict: 'pass' | 'fail' | 'inconclusive'
    readonly outcomes: readonly string[]
  }
  /** Once every fault is over, and the guards have had their time. */
  readonly end: {
    readonly oldIsAlive: boolean
    readonly oldWritable: boolean
    readonly successorWritable: boolean
    /** Whether clients are told to use the successor. */
    readonly isSuccessorServed: boolean
    readonly ledgerMissing: number
    /** Whether the newest epoch names the old writer. */
    readonly isRightWithOld: boolean
  }
}
