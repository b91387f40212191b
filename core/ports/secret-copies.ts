/** Secrets of the application and of its database, which one region holds as originals and another one as copies that follow them. */
export interface SecretCopies {
  /** Names of those that are copies in the region: they can be read there and take no change. */
  copiesIn(region: string): Promise<readonly string[]>
  /**
   * Lets every copy of the region stand alone, so that it can be changed there; asks that region alone. All are tried before
   * it throws for one that could not be. The same again changes nothing.
   */
  standAlone(region: string): Promise<readonly string[]>
  /** Names of those of which the two regions do not have the same version in force. */
  differing(region: string, other: string): Promise<readonly string[]>
}
