/** Which side the served names point to. One object per place; traffic moves only when both places say so. */
export interface TrafficSwitch {
  /** Points one place's object at the region; the same call again changes nothing. */
  point(
    place: 'recovery' | 'witness',
    request: { readonly region: string; readonly epoch: number; readonly key: string },
  ): Promise<void>
  /** What clients are told now: resolved like a client would, with caching turned off. */
  served(): Promise<{ readonly region: string } | undefined>
}
