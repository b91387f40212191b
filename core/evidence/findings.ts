import type { ChainRef } from './layout'

/**
 * What a verification can find wrong:
 * - `edited`: a stored text is not what its own hash, or its canonical form, says
 * - `misplaced`: a record stands under another number, region or writer than its own
 * - `missing`: a number is left out although later ones exist
 * - `broken-link`: a record does not name the hash of the one before it
 * - `rewritten`: a signed checkpoint names another hash for the record
 * - `truncated`: a signed checkpoint names a record beyond the end of the chain
 * - `copies-differ`: two copies hold different texts under one key
 * - `missing-from-copy`: a copy lacks a record although it holds later ones
 * - `bad-signature`: a checkpoint's signature, or its signer, is not one that is trusted for its region
 * - `foreign-key`: something lies among the evidence that no writer of evidence writes
 */
export type FindingCode =
  | 'edited'
  | 'misplaced'
  | 'missing'
  | 'broken-link'
  | 'rewritten'
  | 'truncated'
  | 'copies-differ'
  | 'missing-from-copy'
  | 'bad-signature'
  | 'foreign-key'

export interface Finding {
  readonly code: FindingCode
  readonly chain?: ChainRef
  /** The key concerned, or the first of several. */
  readonly key: string
  readonly detail: string
}

/** Kept in full up to a bound, counted beyond it: a store full of damage must not exhaust the verifier. */
export class Findings {
  static readonly KEPT = 200
  readonly kept: Finding[] = []
  total = 0

  add(finding: Finding): void {
    this.total += 1
    if (this.kept.length < Findings.KEPT) this.kept.push(finding)
  }
}
