import type { Fault } from '../adapters/memory/faults'
import type { Conditions } from './conditions'
import type { SeededRandom } from './seeded-random'

/** What a fault may lean on: the margin that the lease leaves for clocks, shared between those that can be wrong. */
export interface Bounds {
  readonly marginSeconds: number
}

interface Weighted {
  readonly name: string
  /** How often it is drawn beside the others. @default 1 */
  readonly weight?: number
}

/** Strikes single calls of the engine. `hang` stops the engine at the call, and another one takes over meanwhile. */
export interface CallFault extends Weighted {
  readonly call: Fault | 'hang'
  /** Calls it can strike. @default every one */
  readonly strikes?: RegExp
}

/** Holds for a while, whoever calls. */
export interface LastingFault extends Weighted {
  readonly holds: (random: SeededRandom, bounds: Bounds) => Partial<Conditions>
  /** When it is counted as met: at a call of the engine that feels it, at a question, at a refusal, or as time passes. @default as time passes */
  readonly felt?: RegExp | 'question' | 'refusal'
}

export type FaultKind = CallFault | LastingFault

export const isCallFault = (kind: FaultKind): kind is CallFault => 'call' in kind

/** Of the margin, for each of the two clocks that may differ: together they stay below it. */
export const CLOCK_SHARE = 0.45

const clockOff = (random: SeededRandom, { marginSeconds }: Bounds): number =>
  random.pick([-1, 1]) * random.between(0.2, CLOCK_SHARE) * marginSeconds * 1000

/** Calls that change something: only their messages can arrive too late. */
const CHANGES =
  /\.(create|replace|promote|close|closeLogins|openLogins|proveWrite|replayLedger|bringUp|standAlone|point|append|begin|isolate|revoke|preserve|rotate|apply|remove|restore)$/

/** Calls that need room on the disk of a database. */
export const DISK_WRITES = /^database\.(closeLogins|proveWrite|replayLedger|openLogins)$/

/** What a role may have been denied; the journal is no port of a step. */
const PORTS = [
  'inventory',
  'promotion',
  'zoneStandby',
  'restore',
  'laterWrites',
  'fence',
  'health',
  'database',
  'application',
  'secretCopies',
  'trafficSwitch',
  'evidence',
  'copyRemoval',
  'containment',
  'forensics',
  'credentials',
  'hardening',
  'compliance',
  'remedies',
  'deployments',
  'controls',
] as const

/** A role that was written anew, and may do nothing. */
export const NOTHING_ALLOWED: Partial<Conditions> = { deniedPorts: PORTS }

/** What stops a run that has claimed the right to write and promoted nothing yet, so that it is undone. */
const DENIED = 'database-denied'
const UNWELL = 'old-release-unwell'
export function undoing(undo: string): { readonly kind: string; readonly step: string; readonly forSeconds?: number } {
  // It is waited for long before all go forward again.
  if (undo === 'undo:put-back') return { kind: UNWELL, step: 'put-back', forSeconds: 1_000 }
  return { kind: DENIED, step: undo === 'undo:switch-traffic' ? 'validate' : 'confirm' }
}

/** Every kind of fault, each once. */
export const FAULT_KINDS: readonly FaultKind[] = [
  { name: 'engine-dies-before', call: 'crash-before' },
  { name: 'engine-dies-after', call: 'crash-after' },
  // What hangs between its last look at the lease and the change itself is seen by nobody: docs/status.md says so.
  { name: 'engine-hangs', call: 'hang', strikes: /^(?!deployments\.putInForce$)/ },
  { name: 'throttled', call: 'throttled' },
  { name: 'message-dropped', call: 'unreachable' },
  { name: 'answer-lost', call: 'lost-answer' },
  { name: 'message-delayed', call: 'late-effect', strikes: CHANGES },
  { name: 'denied', call: 'denied' },
  { name: 'partial-result', call: 'partial-result', strikes: /^health\.signals$|\.list$/ },

  { name: 'disk-full', holds: () => ({ disk: 'full' }), felt: DISK_WRITES },
  { name: 'disk-slow', holds: () => ({ disk: 'slow' }), felt: /^database\./ },
  { name: 'messages-slow', holds: (random) => ({ messageMs: random.between(1_000, 12_000) }), felt: /./ },
  {
    name: 'place-dark',
    weight: 4,
    holds: (random) => ({ darkPlaces: [random.pick(['recovery', 'witness', 'witness'] as const)] }),
  },

  { name: DENIED, weight: 3, holds: () => ({ deniedPorts: ['database'] }), felt: 'refusal' },
  {
    name: 'permission-missing',
    weight: 4,
    // A role that was written anew lacks more than one.
    holds: (random) => ({ deniedPorts: PORTS.filter(() => random.chance(0.3)) }),
    felt: 'refusal',
  },

  { name: 'primary-dies', holds: () => ({ primary: 'dead' }) },
  { name: 'primary-hangs', holds: () => ({ primary: 'hung' }) },
  {
    name: 'primary-cut-off',
    weight: 3,
    holds: (random) => ({
      isReachable: false,
      guardSees: random.pick([[], [], ['witness']] as const),
      link: { up: false, lagSeconds: 0 },
    }),
  },
  { name: 'guard-dies', holds: () => ({ guard: 'dead' }) },
  { name: 'guard-hangs', holds: () => ({ guard: 'hangs' }) },
  {
    name: 'guard-blind',
    weight: 2,
    holds: (random) => ({ guardSees: random.pick([[], ['recovery'], ['witness']] as const) }),
  },
  {
    name: 'guard-clock-slow',
    holds: (random, bounds) => ({ guardClockSlowMs: Math.abs(clockOff(random, bounds)) }),
  },
  { name: 'engine-clock-off', holds: (random, bounds) => ({ engineClockAheadMs: clockOff(random, bounds) }) },
  {
    name: 'primary-clock-off',
    holds: (random) => ({ primaryClockAheadMs: random.pick([-1, 1]) * random.between(5_000, 900_000) }),
  },
  { name: 'fence-not-proven', holds: () => ({ fenceProves: false }), felt: /^fence\./ },

  { name: 'replica-behind', holds: (random) => ({ link: { up: true, lagSeconds: random.between(5, 300) } }) },
  { name: 'replication-cut', holds: () => ({ link: { up: false, lagSeconds: 0 } }) },
  { name: 'stale-names', holds: () => ({ isServedStale: true }), felt: /^trafficSwitch\.served$/ },
  { name: 'health-flapping', holds: () => ({ health: 'flapping' }), felt: /^health\./ },
  { name: 'health-false-alarm', holds: () => ({ health: 'false-alarm' }), felt: /^health\./ },
  { name: 'health-unknown', holds: () => ({ health: 'unknown' }), felt: /^health\./ },

  {
    name: 'approval-late',
    weight: 3,
    holds: (random) => ({ habit: { answer: 'approve', by: ['ana', 'rui'], afterShare: random.between(1.01, 1.3) } }),
    felt: 'question',
  },
  {
    name: 'approval-by-requester',
    weight: 3,
    holds: () => ({ habit: { answer: 'approve', by: ['detector', 'detector'], afterShare: 0.1 } }),
    felt: 'question',
  },
  {
    name: 'approval-by-one',
    weight: 3,
    holds: () => ({ habit: { answer: 'approve', by: ['ana', 'ana'], afterShare: 0.1 } }),
    felt: 'question',
  },
  {
    name: 'approval-declined',
    weight: 3,
    holds: (random) => ({ habit: { answer: 'decline', by: ['rui'], afterShare: random.between(0.1, 0.9) } }),
    felt: 'question',
  },
  {
    name: 'approval-missing',
    weight: 3,
    holds: () => ({ habit: { answer: 'none', by: [], afterShare: 0 } }),
    felt: 'question',
  },

  { name: 'data-invalid', holds: () => ({ data: 'fail' }), felt: /^database\.validate$/ },
  { name: 'data-unjudged', weight: 2, holds: () => ({ data: 'inconclusive' }), felt: /^database\.validate$/ },
  { name: 'restore-never-ends', holds: () => ({ restoreSeconds: 30_000 }), felt: /^restore\.begin$/ },
  {
    name: 'forensics-slow',
    holds: (random) => ({ intrusion: { preserveSeconds: random.between(600, 20_000) } }),
    felt: /^forensics\./,
  },
  { name: 'path-stays-open', holds: () => ({ intrusion: { pathStaysOpen: true } }), felt: /^containment\.isolate$/ },
  {
    name: 'secret-survives',
    weight: 4,
    holds: () => ({ intrusion: { survivingCredentials: ['clinic_app'] } }),
    felt: /^credentials\.rotate$/,
  },
  {
    name: 'measure-refused',
    holds: () => ({ intrusion: { unapplied: ['passwords-are-scram'] } }),
    felt: /^hardening\.apply$/,
  },
  {
    name: 'attacker-left-something',
    holds: () => ({ intrusion: { leftBehind: [{ code: 'UNKNOWN_LOGIN', object: 'visitor' }] } }),
    felt: /^hardening\.scan$/,
  },
  {
    name: 'account-copy-slow',
    holds: (random) => ({ accountCopySeconds: random.between(600, 5_000) }),
    felt: /^remedies\./,
  },
  { name: 'account-tampered-with', holds: () => ({ isAccountTamperedWith: true }) },

  {
    name: 'deployment-slow',
    holds: (random) => ({ deploymentSeconds: random.between(20, 900) }),
    felt: /^deployments\.putInForce$/,
  },
  { name: UNWELL, weight: 2, holds: () => ({ isOldReleaseSound: false }), felt: /^deployments\.serves$/ },
  { name: 'deployed-by-others', weight: 2, holds: () => ({ isDeployedByOthers: true }) },
  { name: 'lease-taken', weight: 2, holds: () => ({ isLeaseTaken: true }) },

  { name: 'application-unwell', holds: () => ({ isApplicationSound: false }), felt: /^application\.healthy$/ },
]
