import type { Obstacle, SetAside } from '../../../core/ports/deployments'

/** Where one component lies, with its versions. */
export interface DeployedPlace {
  inForce(): Promise<string | undefined>
  obstacle(to: string): Promise<Obstacle | undefined>
  /** Whether a request was carried out before. */
  isDone(key: string): Promise<boolean>
  putInForce(to: string, key: string): Promise<void>
  serves(): Promise<boolean>
  /** @default the kind holds no data */
  setAside?(key: string): Promise<readonly SetAside[]>
}

/** Whether a version can be the name of a folder, and of none outside its own. */
export const isFolderName = (version: string): boolean => /^[A-Za-z0-9][\w.+-]*$/.test(version)
