/** Segments of 16 MB, the size that `initdb` chooses, in what the second part of a name counts: 4 GB. */
const SEGMENTS_PER_LOG = 256
/** Timeline, log and segment (https://www.postgresql.org/docs/18/continuous-archiving.html). */
const SEGMENT = /^[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})$/

/** Where a segment stands in the log, whichever timeline wrote it; undefined for a file that is none. */
function placeOf(file: string): number | undefined {
  const [, log, segment] = SEGMENT.exec(file) ?? []
  return log && segment ? Number.parseInt(log, 16) * SEGMENTS_PER_LOG + Number.parseInt(segment, 16) : undefined
}

/**
 * How many segments are missing from the first one that a backup needs up to the last one that is there. Both ends may be well:
 * who looks at them alone notices nothing.
 */
export function missingSegments(files: readonly string[], from: string): number {
  const first = placeOf(from)
  if (first === undefined) throw new Error(`'${from}' is no name of a segment`)
  const held = new Set(files.flatMap((file) => placeOf(file) ?? []).filter((place) => place >= first))
  return held.size === 0 ? 1 : Math.max(...held) - first + 1 - held.size
}
