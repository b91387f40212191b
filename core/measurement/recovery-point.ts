/** A change that somebody was told is safe. */
export interface NumberedChange {
  readonly number: number
  readonly atMs: number
}

/**
 * From the last acknowledged change that survived to the last that was lost, in seconds; 0 where none was lost. Undefined
 * where nothing was acknowledged, or nothing from before the loss survived: then there is no recovery point to measure from.
 */
export function lossSeconds(
  acknowledged: readonly NumberedChange[],
  survived: (number: number) => boolean,
): number | undefined {
  const inOrder = acknowledged.toSorted((a, b) => a.atMs - b.atMs)
  const firstLost = inOrder.findIndex(({ number }) => !survived(number))
  if (firstLost === -1) return inOrder.length > 0 ? 0 : undefined
  const recoveryPoint = inOrder[firstLost - 1]
  const lastLost = inOrder.findLast(({ number }) => !survived(number))
  return recoveryPoint && lastLost && (lastLost.atMs - recoveryPoint.atMs) / 1000
}
