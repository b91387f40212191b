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

/** First moments at which something was seen. */
type Seen<What extends string> = { readonly [Name in What]?: Moment }

/** What became of the right to write, in a run that moves it. */
export interface MoveFacts {
  readonly input: MoveInput
  /** Whether the move is a choice, with a writer that works: it must not cost a single write. */
  readonly isPlanned: boolean
  readonly seen: Seen<
    | 'bothWritable'
    /** The old writer took writes although both places had named another for longer than lease and margin. */
    | 'deposedWritable'
    /** The old writer took writes although the run holds that it is fenced. */
    | 'fencedWritable'
    /** Clients were let into the successor before it was proven, judged, complete and pointed to. */
    | 'openedEarly'
    /** Traffic was pointed to what had not been proven to write. */
    | 'switchedEarly'
  >
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

/** What became of somebody who is inside with a secret that he has stolen. */
export interface IntrusionFacts {
  readonly seen: Seen<
    /** His secret let him into the attacked database although the run had revoked it. */
    | 'insideAfterCut'
    /** It let him into the clean copy. */
    | 'insideCopy'
    /** The attacked database was back on the network although the run had cut it off. */
    | 'isolationLifted'
  >
  /** Databases into which his secret lets him in at the end. */
  readonly letIn: readonly string[]
  /** Copies of the attacked database that are on the network at the end. */
  readonly openCopies: readonly string[]
  /** Whether the attacked database is still there for an investigation, its secrets worthless. */
  readonly isAttackedKept: boolean
  /** Keys of the forensic copies that are complete. */
  readonly preserved: readonly string[]
}

/** What became of the copy of a restore test. */
export interface TestCopyFacts {
  /** When somebody was let into it. */
  readonly opened: Moment | undefined
  /** Whether a database of its name that this run did not make is gone. */
  readonly othersRemoved: boolean
  /** Whether it is there at the end. */
  readonly isLeft: boolean
  readonly writerServes: boolean
}

/** What became of an account that protected less than declared. */
export interface AccountFacts {
  readonly seen: Seen<
    /** Something protected less than before the run. */
    | 'weaker'
    /** Something was changed before it was approved. */
    | 'early'
  >
  /** Things that were changed and that no finding names. */
  readonly touched: readonly string[]
  /** Findings that hold at the end, unless somebody brought them back after the run had looked. */
  readonly remaining: readonly string[]
}

/** What became of a platform that was put back. */
export interface ReleaseFacts {
  readonly seen: Seen<
    /** A version was put in force before the rollback was approved. */
    | 'early'
    /** A version was in force that neither of the two releases names. */
    | 'foreign'
    /** A component was put back before the one in front of it had served. */
    | 'outOfTurn'
    /** The schema went back while a program that writes with the newer one was in force. */
    | 'schemaEarly'
    /** A run changed the platform while another one had the right to. */
    | 'withoutLease'
    /** The platform was changed by a plan that was not its own any more. */
    | 'stale'
  >
  /** Planned components at the end, by which version is in force; those that others have deployed are of neither. */
  readonly end: { readonly back: readonly string[]; readonly asBefore: readonly string[] }
}

/** What really happened, from outside the run: everything that the invariants judge. */
export interface Facts {
  /** As the journal holds it at the end; undefined where nothing was ever entered. */
  readonly run: RunState | undefined
  readonly continuation: Continuation | undefined
  readonly journalWentBack: Moment | undefined
  /** Keys under which each effect was asked for. */
  readonly keys: Readonly<Record<string, readonly string[]>>
  readonly questions: readonly Question[]
  readonly answers: readonly Answer[]
  readonly evidence: {
    readonly verdict: 'pass' | 'fail' | 'inconclusive'
    readonly outcomes: readonly string[]
  }
  readonly move?: MoveFacts
  readonly intrusion?: IntrusionFacts
  readonly testCopy?: TestCopyFacts
  readonly account?: AccountFacts
  readonly release?: ReleaseFacts
}
