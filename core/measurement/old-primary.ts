/** How one write that was tried on the old primary after the failover ended. */
export interface OldPrimaryOutcome {
  readonly outcome: 'refused' | 'accepted' | 'unanswered'
}

/**
 * Writes the old primary accepted. Zero only where every attempt was refused in so many words: with an attempt that got
 * no answer, or with none at all, nothing was measured.
 */
export function acceptedByOldPrimary(attempts: readonly OldPrimaryOutcome[]): number | undefined {
  const accepted = attempts.filter(({ outcome }) => outcome === 'accepted').length
  if (accepted > 0) return accepted
  return attempts.length > 0 && attempts.every(({ outcome }) => outcome === 'refused') ? 0 : undefined
}
