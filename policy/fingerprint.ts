import type { Policy } from '../core/policy'

/** How content is compared: ours, since the procedure asks for integrity checks and names no number. */
export const fingerprint: Policy['fingerprint'] = {
  // As many as the database's instance has processors.
  readers: 2,
  pace: {
    megabytesPerSecond: 35,
    source:
      'npm run bench:fingerprint: 36 to 55 MB a second for each of two readers, on two cores that were shared with other work; narrow rows, documents and wide numbers are slower than long texts',
  },
  pieceSecondsAtMost: 300,
  // Longer than any statement of the application should hold a table.
  lockWaitSeconds: 60,
  replica: { waitSeconds: 120, looks: 40, pauseSeconds: 0.25 },
}
