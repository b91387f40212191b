import type { Intrusion } from '../adapters/memory/incident-response'
import type { Link } from '../adapters/memory/replicated-writes'

export type Place = 'recovery' | 'witness'

/** How people answer what a run asks them. */
export interface Habit {
  readonly answer: 'approve' | 'decline' | 'none'
  readonly by: readonly string[]
  /** Of the time a question stands open; above 1 the answer comes too late. */
  readonly afterShare: number
}

/** The state of everything that can go wrong by itself. Faults replace parts of it for a while. */
export interface Conditions {
  readonly primary: 'alive' | 'hung' | 'dead'
  /** Whether the primary region answers the recovery region. */
  readonly isReachable: boolean
  readonly fenceProves: boolean
  readonly guard: 'runs' | 'hangs' | 'dead'
  readonly guardSees: readonly Place[]
  /** How much longer than it believes a guard's lease lasts. */
  readonly guardClockSlowMs: number
  readonly link: Link
  readonly engineClockAheadMs: number
  readonly primaryClockAheadMs: number
  readonly isServedStale: boolean
  readonly health: 'true' | 'flapping' | 'false-alarm' | 'unknown'
  readonly disk: 'sound' | 'full' | 'slow'
  /** How long a message takes, at least. */
  readonly messageMs: number
  readonly darkPlaces: readonly Place[]
  /** Ports that the engine's role may not use. */
  readonly deniedPorts: readonly string[]
  readonly habit: Habit
  readonly data: 'pass' | 'fail' | 'inconclusive'
  readonly isApplicationSound: boolean
  /** What meets the answer to an attack. */
  readonly intrusion: Partial<Intrusion>
  readonly restoreSeconds: number
  /** How long an account takes to copy a snapshot. */
  readonly accountCopySeconds: number
  /** From asking for a version to its being in force. */
  readonly deploymentSeconds: number
  /** Whether the versions that are put back serve. */
  readonly isOldReleaseSound: boolean
  /** Somebody deploys a component by hand, each time that this begins. */
  readonly isDeployedByOthers: boolean
  /** Another run has the right to change the platform. */
  readonly isLeaseTaken: boolean
  /** Somebody takes away again what protects the account, each time that this begins. */
  readonly isAccountTamperedWith: boolean
}

export const PEOPLE = ['ana', 'rui'] as const

/** Nothing is wrong. */
export const CALM: Conditions = {
  primary: 'alive',
  isReachable: true,
  fenceProves: true,
  guard: 'runs',
  guardSees: ['recovery', 'witness'],
  guardClockSlowMs: 0,
  link: { up: true, lagSeconds: 0.5 },
  engineClockAheadMs: 0,
  primaryClockAheadMs: 0,
  isServedStale: false,
  health: 'true',
  disk: 'sound',
  messageMs: 20,
  darkPlaces: [],
  deniedPorts: [],
  habit: { answer: 'approve', by: PEOPLE, afterShare: 0.05 },
  data: 'pass',
  isApplicationSound: true,
  intrusion: {},
  restoreSeconds: 600,
  accountCopySeconds: 60,
  deploymentSeconds: 2,
  isOldReleaseSound: true,
  isDeployedByOthers: false,
  isLeaseTaken: false,
  isAccountTamperedWith: false,
}
