import { largestPiece, planFingerprint, type Pace, type SizedTable } from '../../integrity/plan'
import type { TablePart } from '../../ports/content-reader'

/** What one call of a function compares: some parts of tables that together take no longer than one piece may. */
export type ComparedBatch = readonly TablePart[]

/**
 * The parts into which every table is divided to be compared, packed so that no call takes longer than a piece may: large tables
 * over many calls, small ones together. What is appended after the sizes were taken is compared the next time.
 */
export function batchesOf(tables: readonly SizedTable[], pace: Pace): readonly ComparedBatch[] {
  const blocks = new Map(tables.map((table) => [table.table, table.blocks]))
  const largest = largestPiece(pace)
  const batches: { parts: TablePart[]; bytes: number }[] = []
  for (const piece of planFingerprint(tables, 1, pace).pieces) {
    const { from = 0, to = blocks.get(piece.table)! } = piece.blocks ?? {}
    if (to <= from) continue
    const part = { table: piece.table, from, to }
    const open = batches.at(-1)
    if (open && open.bytes + piece.bytes <= largest) {
      open.parts.push(part)
      open.bytes += piece.bytes
    } else batches.push({ parts: [part], bytes: piece.bytes })
  }
  return batches.map(({ parts }) => parts)
}
