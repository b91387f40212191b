/** What the statistics of one table have counted since they began. */
export interface RowChanges {
  readonly table: string
  readonly deleted: number
  /** Rows of which a newer version was written. */
  readonly rewritten: number
  /** Rows that it holds about. */
  readonly live: number
}

/** One look at all tables, on a clock that only goes forward. */
export interface ChangeSample {
  readonly atMs: number
  readonly tables: readonly RowChanges[]
}

export interface RateThreshold {
  readonly intervalSeconds: number
  /** Rows of one table in it. */
  readonly rows: number
  /** The same as a share of the table, where that is more rows. */
  readonly sharePercent: number
}

/** A table that loses or changes rows faster than it should. */
export interface RateFinding {
  readonly table: string
  readonly deleted: number
  readonly rewritten: number
}

/**
 * Tables that lost or rewrote more rows between two looks than the threshold allows in its interval; a shorter time allows as
 * much, so that nobody waits for its end. Counters that went back were reset: nothing is known of the time between.
 */
export function tooFast(before: ChangeSample, after: ChangeSample, threshold: RateThreshold): readonly RateFinding[] {
  const seconds = (after.atMs - before.atMs) / 1000
  const intervals = Math.max(1, seconds / threshold.intervalSeconds)
  return changesBetween(before, after).filter(({ table, deleted, rewritten }) => {
    const live = before.tables.find((known) => known.table === table)!.live
    const allowed = Math.max(threshold.rows, (live * threshold.sharePercent) / 100)
    return deleted + rewritten >= allowed * intervals
  })
}

/** Append-only tables in which anything was deleted or rewritten at all. */
export const violated = (
  before: ChangeSample,
  after: ChangeSample,
  appendOnly: readonly string[],
): readonly RateFinding[] =>
  changesBetween(before, after).filter(
    ({ table, deleted, rewritten }) => appendOnly.includes(table) && deleted + rewritten > 0,
  )

function changesBetween(before: ChangeSample, after: ChangeSample): RateFinding[] {
  return after.tables.flatMap((now) => {
    const then = before.tables.find(({ table }) => table === now.table)
    if (!then || now.deleted < then.deleted || now.rewritten < then.rewritten) return []
    const { table } = now
    return [{ table, deleted: now.deleted - then.deleted, rewritten: now.rewritten - then.rewritten }]
  })
}
