import type { CorrectedFields } from '../../core/coordination/corrections'
import type { InstanceRef, LedgerEntry } from '../../core/ports/database'

/** What a database holds of a person. */
interface MemoryPerson {
  readonly erased: boolean
  readonly blocked: boolean
  readonly openConsents: number
  readonly phone: string | null
}

/** One database of a memory world: what a write depends on, and what it has been through. */
export interface DatabaseNode {
  readonly ref: InstanceRef
  role: 'primary' | 'replica'
  /** Instance it follows, or followed. @default it was created as a writer */
  readonly source?: InstanceRef
  /** Zone of the region that it runs in. */
  zone: string
  /** A dead one answers nobody until its standby has taken over. */
  alive: boolean
  /** Its control plane could not make it. */
  gaveUp: boolean
  loginsOpen: boolean
  /** Moment, on the virtual clock, until which the database takes writes. */
  leaseUntilMs: number
  /** Moment of the newest heartbeat that it holds. */
  beatMs: number
  /** Epoch its lease was last granted or renewed for. */
  epoch: number
  /** Epoch in whose name its lease was ended. */
  endedBy: number
  /** Cut off the network by a containment. */
  isolated: boolean
  /** Which secrets let a role in: those it was made with, none any more, or new ones. */
  secrets: 'original' | 'revoked' | 'rotated'
  /** Roles that an old secret goes on letting in after a rotation. */
  stillAccepted: readonly string[]
  /** Measures that hold against an attacker. */
  readonly hardened: Set<string>
  readonly appliedLedger: Set<number>
  /** Those about whom something was applied. */
  readonly people: Map<string, MemoryPerson>
  /** Login roles that no opening lets in. */
  readonly revoked: Set<string>
  readonly provenKeys: Set<string>
  /** What is under way, and when it comes to its end. */
  change?: { readonly kind: 'promotion' | 'zone-failover' | 'restore'; readonly key: string; readonly endsMs: number }
  /** Keys of what was done to it. */
  readonly doneBy: Set<string>
}

export const databaseNode = (ref: InstanceRef, given: Partial<DatabaseNode> = {}): DatabaseNode => ({
  ref,
  role: 'primary',
  zone: 'a',
  alive: true,
  gaveUp: false,
  loginsOpen: true,
  leaseUntilMs: 0,
  beatMs: 0,
  epoch: 0,
  endedBy: 0,
  isolated: false,
  secrets: 'original',
  stillAccepted: [],
  hardened: new Set(),
  appliedLedger: new Set(),
  people: new Map(),
  revoked: new Set(),
  provenKeys: new Set(),
  doneBy: new Set(),
  ...given,
})

/** Whether a client with an open session could commit a row at the moment. */
export const takesWrites = (node: DatabaseNode, nowMs: number): boolean =>
  node.role === 'primary' &&
  node.alive &&
  node.loginsOpen &&
  !node.isolated &&
  node.secrets !== 'revoked' &&
  nowMs < node.leaseUntilMs

export const personIn = ({ people }: DatabaseNode, subjectId: string): MemoryPerson =>
  people.get(subjectId) ?? { erased: false, blocked: false, openConsents: 1, phone: '+55 11 00000001' }

/** What an entry of the erasure ledger does to a database; gives how that effect is told. */
export function applyEntry(node: DatabaseNode, entry: LedgerEntry, corrected: CorrectedFields = {}): string {
  const { kind, subjectId } = entry
  node.appliedLedger.add(entry.sequence)
  if (kind === 'access-revocation') {
    node.revoked.add(subjectId)
    return `revoke ${subjectId}`
  }
  const person = personIn(node, subjectId)
  const { verb, ...change } = {
    erasure: { verb: 'erase', erased: true, phone: null },
    block: { verb: 'block', blocked: true },
    'consent-withdrawal': { verb: 'withdraw', openConsents: 0 },
    correction: { verb: 'correct', phone: corrected.phone === undefined ? person.phone : corrected.phone },
  }[kind]
  node.people.set(subjectId, { ...person, ...change })
  return `${verb} ${subjectId}`
}

/** What closing a database does to it; a fence and a guard do the same. */
export function endLease(node: DatabaseNode, by: number): void {
  node.loginsOpen = false
  node.leaseUntilMs = Number.NEGATIVE_INFINITY
  node.endedBy = Math.max(node.endedBy, by)
}
