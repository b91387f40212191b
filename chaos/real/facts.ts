import type { OldPrimaryOutcome } from '../../core/measurement/old-primary'
import type { EvidenceReport } from '../../core/evidence'
import type { Continuation } from '../../core/runbook/continuation'
import type { RunState } from '../../core/runbook/model'

/** What a real run came to, as seen by its clients, by the databases and by this machine. */
export interface RealFacts {
  readonly run: Pick<RunState, 'outcome' | 'stoppedBy' | 'steps'>
  readonly continuation: Pick<Continuation, 'direction' | 'byHand'> | undefined
  /** Whether commits waited for what takes over, or the move was planned: then nothing may be lost. */
  readonly keepsEverything: boolean
  /** Counted on the writer of the end; undefined where a run stopped before anything was one. */
  readonly loss:
    | {
        readonly acknowledged: number
        readonly lost: number
        /** Lost although the successor was seen to hold them, or later ones of the same client, before it took over. */
        readonly lostThoughShipped: number
        readonly ghost: number
        readonly duplicated: number
        readonly damaged: number
        readonly disagreements: number
      }
    | undefined
  /** What a recovery to a point in time leaves behind; undefined for every other run. */
  readonly leftBehind:
    | {
        /** Lost writes that the list of the run does not hold; undefined where the run says that it has no list. */
        readonly unlisted: number | undefined
        /** Whether what was recovered holds the values that were rewritten. */
        readonly rewritten: boolean
      }
    | undefined
  /** Every way into the old primary, tried after it came back; undefined where it rightly still writes. */
  readonly oldPrimary: readonly OldPrimaryOutcome[] | undefined
  /** Whether the writer of the end takes a write of the fence role, and whether clients were served after the run. */
  readonly end: { readonly writerWrites: boolean; readonly clientsServed: boolean }
  readonly evidence: Pick<EvidenceReport, 'verdict'> & { readonly outcomes: readonly string[] }
  readonly left: { readonly worlds: number; readonly processes: number }
}
