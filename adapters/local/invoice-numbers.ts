/**
 * An invoice has no column for the number of the attempt that wrote it, so its amount carries it: far above any amount that
 * a world is seeded with.
 */
export const INVOICE_BASE = 10_000_000_000
