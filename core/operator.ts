import type { Places } from './coordination/places'
import type { Policy } from './policy'
import type { Clock } from './ports/clock'
import type { EvidenceLog } from './ports/evidence-log'

/**
 * Who acts by the command line: the role they act in, and a short hash that tells one person from another, also over
 * several roles. Stored where people have to be told apart; the name behind it stays with whoever manages identities.
 */
export interface Actor {
  readonly role: string
  /** Twelve hexadecimal digits. */
  readonly person: string
}

/** Everything that a command of an operator works on beside databases. */
export interface OperatorWorld {
  readonly policy: Policy
  readonly places: Places
  readonly evidence: EvidenceLog
  readonly clock: Clock
  readonly actor: Actor
}
