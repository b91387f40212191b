/** How a world goes, and how long things take in it. */
export interface WorldSettings {
  readonly lease: { readonly durationSeconds: number; readonly marginSeconds: number }
  readonly promotionSeconds: number
  /** Until a standby in another zone has taken over. @default as a promotion */
  readonly zoneFailoverSeconds?: number
  /** @default ten minutes */
  readonly restoreSeconds?: number
  /** From being brought up to being well. @default at once */
  readonly applicationStartSeconds?: number
  /** How long clients remember the served name. */
  readonly ttlSeconds: number
}
