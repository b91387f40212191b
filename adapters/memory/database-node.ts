import type { InstanceRef } from '../../core/ports/database'

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
  loginsOpen: boolean
  /** Moment, on the virtual clock, until which the database takes writes. */
  leaseUntilMs: number
  /** Moment of the newest heartbeat that it holds. */
  beatMs: number
  /** Epoch its lease was last granted or renewed for. */
  epoch: number
  /** Epoch in whose name its lease was ended. */
  endedBy: number
  readonly appliedLedger: Set<number>
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
  loginsOpen: true,
  leaseUntilMs: 0,
  beatMs: 0,
  epoch: 0,
  endedBy: 0,
  appliedLedger: new Set(),
  provenKeys: new Set(),
  doneBy: new Set(),
  ...given,
})

/** Whether a client with an open session could commit a row at the moment. */
export const takesWrites = (node: DatabaseNode, nowMs: number): boolean =>
  node.role === 'primary' && node.alive && node.loginsOpen && nowMs < node.leaseUntilMs

/** What closing a database does to it; a fence and a guard do the same. */
export function endLease(node: DatabaseNode, by: number): void {
  node.loginsOpen = false
  node.leaseUntilMs = Number.NEGATIVE_INFINITY
  node.endedBy = Math.max(node.endedBy, by)
}
