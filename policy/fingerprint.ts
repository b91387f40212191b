import type { Policy } from '../core/policy'

/** How content is compared: ours, since the procedure asks for integrity checks and names no number. */
export const fingerprint: Policy['fingerprint'] = {
  // As many as the database's instance has processors.
  readers: 2,
  pace: {
    megabytesPerSecond: 60,
    source:
      'an assumption below what npm run bench:fingerprint measures on two shared cores; wide texts are faster, documents and wide numbers slower',
  },
  pieceSecondsAtMost: 300,
  // Longer than any statement of the application should hold a table.
  lockWaitSeconds: 60,
  replica: { waitSeconds: 120, looks: 40, pauseSeconds: 0.25 },
}
