import type { Json } from '../json'
import type { Ports } from '../ports'

/** Privileges that a function and a role of each data region hold, one each. */
export const PRIVILEGES = [
  'observe',
  'fence',
  'promote',
  'database',
  'switch-traffic',
  'application',
  'report',
  'restore',
  'remove-copies',
  'contain',
  'preserve',
  'rotate',
  'harden',
  'audit',
  'remedy',
  'deploy',
] as const
/** Which privilege a step needs: copies are made and removed, and attackers cut off, where the database is; an account is put right in each region. */
export type Privilege = (typeof PRIVILEGES)[number]

/** How a run treats the world: `dry-run` changes nothing, `drill` works on throw-away copies, `real` is real. */
export type Mode = 'dry-run' | 'drill' | 'real'

/** What one call of an action came to. `pending` is polled with its handle until the step's timeout. */
export type ActionResult =
  | { readonly kind: 'done'; readonly output: Json }
  | { readonly kind: 'pending'; readonly handle: Json }
  /** Refused on facts: trying again cannot help. */
  | { readonly kind: 'failed'; readonly code: string; readonly detail?: Json }
  /** Only people can decide: the step waits for their approval, then begins again with it. */
  | { readonly kind: 'ask'; readonly approval: ApprovalRequest }

/** A question to people. `attestation` needs two different people, neither of whom started the run. */
export interface ApprovalRequest {
  readonly kind: 'second-person' | 'attestation'
  readonly question: string
}

/** What an action may know. Everything is JSON, so that a run can go on in another process. */
export interface StepContext<Input extends BaseInput> {
  readonly ports: Ports
  readonly runId: string
  readonly mode: Mode
  readonly input: Input
  /** Idempotency key of this step of this run, the same for every attempt. */
  readonly key: string
  /** No retry follows: the action has to make do with what it can reach. */
  readonly lastAttempt: boolean
  /** Outputs of the steps that are done. */
  readonly outputs: Readonly<Record<string, Json>>
  /** The run so far, for the step that reports it. */
  readonly run: RunState<Input>
  /** Set once people have approved what this step asked for. */
  readonly approvedBy?: readonly string[]
}

/** What every runbook's input carries for the driver itself. */
export interface BaseInput {
  readonly environment: string
  readonly region: string
  /** A code of the reason list, required in mode `real`; the free text belongs to the incident record. */
  readonly reasonCode: string
  readonly approvals: { readonly expireSeconds: number; readonly pollSeconds: number }
}

export interface Step<Input extends BaseInput> {
  readonly id: string
  /** In plain words, as the printed procedure and the live progress show it. */
  readonly title: string
  /** What a person would check or do by hand. */
  readonly byHand: string
  readonly privilege: Privilege
  begin(context: StepContext<Input>): Promise<ActionResult>
  poll?(context: StepContext<Input>, handle: Json): Promise<ActionResult>
  /** What the step would do, from reads alone. */
  preview(context: StepContext<Input>): Promise<Json>
  readonly timeoutSeconds: (input: Input) => number
  readonly pollEverySeconds: (input: Input) => number
  /** Attempts for failures that may pass (unreachable, throttled). */
  readonly attempts: number
  readonly retryAfterSeconds: number
  /** What a failure that did not pass does to the run. */
  readonly onFailure: 'stop-safely' | 'continue'
  /** Undo of a stopped run, newest step first. From a point of no return on, nothing before it is undone: forward is the only way. */
  readonly undo:
    | { readonly none: string; readonly pointOfNoReturn?: true }
    | { readonly title: string; run(context: StepContext<Input>): Promise<void> }
  /** Asked before the step begins, whenever the input says so. */
  readonly approval?: (input: Input) => ApprovalRequest | undefined
  /** Whom the action itself may ask, and when. Only such a step may return `ask`: its wait counts in the history bound. */
  readonly mayAsk?: string
  /** The recovery time objective that ends with this step. */
  readonly milestone?: 'criticalServices' | 'dataRecovery' | 'complianceValidation'
  /** Runs at the end whatever happened before. At most one, and last. */
  readonly always?: boolean
}

export interface Runbook<Input extends BaseInput> {
  readonly name: string
  readonly title: string
  readonly purpose: string
  readonly whenNotToUse: readonly string[]
  readonly steps: readonly Step<Input>[]
}

export type StepStatus =
  'pending' | 'awaiting-approval' | 'running' | 'polling' | 'done' | 'failed' | 'skipped' | 'undone' | 'undo-failed'

/** Everything known of one step of one run. */
export interface StepState {
  readonly status: StepStatus
  readonly attempt: number
  readonly startedAt?: string
  readonly finishedAt?: string
  readonly handle?: Json
  readonly output?: Json
  readonly failure?: { readonly code: string; readonly attempts: number }
  /** The question stands in the coordination store, under the key of its step, and here as long as its answer is used. */
  readonly approval?: Pick<ApprovalRequest, 'kind'> & Partial<ApprovalRequest>
  readonly approvedBy?: readonly string[]
}

/** Under which a step asks people. */
export const approvalKey = (runId: string, step: string): string => `${runId}/${step}/approval`

/** Where a driver goes next. `state` names a step, `undo:<step>`, or `end`. */
export interface Cursor {
  readonly state: string
  readonly waitSeconds: number
}

/** A run, complete: any driver can take it from here. JSON of less than 8 KB. */
export interface RunState<Input extends BaseInput = BaseInput> {
  readonly runbook: string
  readonly runId: string
  /** Counts journal writes: whoever holds a lower number than the journal is behind it. */
  readonly revision: number
  readonly mode: Mode
  readonly startedBy: string
  readonly startedAt: string
  readonly finishedAt?: string
  readonly input: Input
  readonly cursor: Cursor
  readonly outcome: 'running' | 'succeeded' | 'stopped'
  /** Why the run stopped: the step and its code. */
  readonly stoppedBy?: { readonly step: string; readonly code: string }
  readonly steps: Readonly<Record<string, StepState>>
}

/** Largest state a run may reach; Step Functions carries 256 KB, we keep far below so that it is always cheap to journal. */
export const MAX_STATE_BYTES = 8 * 1024
