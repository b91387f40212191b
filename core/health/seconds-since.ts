/** Whole seconds from a moment to the look; undefined for a moment that never was. */
export const secondsSince = (moment: string | undefined, at: string): number | undefined =>
  moment === undefined ? undefined : Math.round((Date.parse(at) - Date.parse(moment)) / 1000)
