/** A table as far as the time to read it depends on it. */
export interface SizedTable {
  readonly table: string
  readonly bytes: number
  readonly blocks: number
  /** Whether ranges of its blocks can be read by themselves. */
  readonly divisible: boolean
}

export interface Pace {
  /** What one session hashes. */
  readonly megabytesPerSecond: number
  /** Longest that one piece may take. */
  readonly pieceSecondsAtMost: number
}

/** What one session, or one function, hashes at a time. */
export interface Piece {
  readonly table: string
  readonly bytes: number
  /** Blocks of the table, `to` not among them; absent where it is whole. The last range has no end. */
  readonly blocks?: { readonly from: number; readonly to?: number }
}

export interface FingerprintPlan {
  /** Largest first. */
  readonly pieces: readonly Piece[]
  readonly bytes: number
  /** Estimate for the longest piece; above `pieceSecondsAtMost` only where a table cannot be divided. */
  readonly longestPieceSeconds: number
  /** Estimate for the whole with so many sessions. */
  readonly seconds: number
}

const MEGABYTE = 1e6

/** Bytes that one session hashes in the time that a piece may take. */
export const largestPiece = ({ megabytesPerSecond, pieceSecondsAtMost }: Pace): number =>
  megabytesPerSecond * MEGABYTE * pieceSecondsAtMost

/**
 * Divides tables into pieces that are short enough. Ranges of blocks and not of keys: they are read from end to end, whatever
 * the key is and also where there is none, each holds as much as the next, and the hashes of all of them add up to the
 * table's. What is stored outside of the rows is counted as spread evenly over them.
 */
export function planFingerprint(tables: readonly SizedTable[], sessions: number, pace: Pace): FingerprintPlan {
  const all = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  const largest = Math.min(largestPiece(pace), evenShare(all, sessions))
  const pieces = tables
    .flatMap((table) => divided(table, largest))
    .toSorted((one, other) => other.bytes - one.bytes || (one.table < other.table ? -1 : 1))
  const secondsOf = (bytes: number) => bytes / MEGABYTE / pace.megabytesPerSecond
  // Each session takes the next piece when it has none.
  const busy = Array.from({ length: Math.max(1, sessions) }, () => 0)
  for (const piece of pieces) busy[busy.indexOf(Math.min(...busy))]! += secondsOf(piece.bytes)
  return {
    pieces,
    bytes: all,
    longestPieceSeconds: secondsOf(pieces[0]?.bytes ?? 0),
    seconds: Math.max(...busy),
  }
}

/** Pieces for each session: as many as it takes for none of them to wait long for the last one of another. */
const PIECES_A_SESSION = 4
/** A smaller piece is not worth a transaction of its own. */
const PIECE_BYTES_AT_LEAST = 64 * MEGABYTE

/** What a piece may hold so that all sessions end at about the same time, whatever the tables are like. */
const evenShare = (bytes: number, sessions: number): number =>
  sessions > 1 ? Math.max(PIECE_BYTES_AT_LEAST, bytes / sessions / PIECES_A_SESSION) : Infinity

function divided({ table, bytes, blocks, divisible }: SizedTable, largest: number): Piece[] {
  const count = divisible ? Math.min(Math.ceil(bytes / largest), blocks) : 1
  if (count <= 1) return [{ table, bytes }]
  const edge = (at: number) => Math.round((blocks * at) / count)
  return Array.from({ length: count }, (_, at) => ({
    table,
    bytes: bytes / count,
    // Rows that come later stand in later blocks, and the snapshot does not see them.
    blocks: { from: edge(at), ...(at < count - 1 && { to: edge(at + 1) }) },
  }))
}
