/** How large a table is, by its name as the server quotes it. */
export interface TableSize {
  readonly table: string
  readonly bytes: number
  /** Whether it cannot be named to a program, and stays with the rest. */
  readonly stays?: boolean
}

export interface Shares {
  /** Parts that rows are shared out to. */
  readonly parts: number
  /** A smaller table stays where the rest is. */
  readonly tableBytesAtLeast: number
}

/** Names that one program is called with at most: kernels limit how long a command line is. */
const NAMED_AT_MOST = 200

/**
 * Tables whose rows go into parts of their own, so that several sessions read and write at a time; none of the parts is empty.
 * The rest, with every smaller table, stays together in one more part, which is counted among `parts` and holds no more than
 * its share where that can be. No table is divided: one that is larger than all others together is as slow as before.
 */
export function shareOut(tables: readonly TableSize[], { parts, tableBytesAtLeast }: Shares): string[][] {
  const large = tables
    .filter(({ bytes, stays }) => bytes >= tableBytesAtLeast && !stays)
    .toSorted((one, other) => other.bytes - one.bytes || (one.table < other.table ? -1 : 1))
    .slice(0, NAMED_AT_MOST)
  const named = new Set(large.map(({ table }) => table))
  const rest = tables.reduce((sum, { table, bytes }) => sum + (named.has(table) ? 0 : bytes), 0)
  const shares = Array.from({ length: Math.max(1, parts) }, (_, at) => ({
    bytes: at === 0 ? rest : 0,
    tables: [] as string[],
  }))
  for (const { table, bytes } of large) {
    const least = shares.reduce((found, share) => (share.bytes < found.bytes ? share : found))
    least.bytes += bytes
    least.tables.push(table)
  }
  return shares.slice(1).flatMap((share) => (share.tables.length > 0 ? [share.tables] : []))
}
