/** Which database the served names point to. One object per place; traffic moves only when both places say so. */
export interface TrafficSwitch {
  /** Points one place's object at the database, without a name at its region's only one; the same call again changes nothing. */
  point(
    place: 'recovery' | 'witness',
    request: { readonly region: string; readonly instance?: string; readonly epoch: number; readonly key: string },
  ): Promise<void>
  /**
   * What clients are told now: resolved like a client would, with caching turned off. The instance is absent where a region
   * has one target for good.
   */
  served(): Promise<{ readonly region: string; readonly instance?: string } | undefined>
}
