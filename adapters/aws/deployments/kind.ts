import type { Component, Obstacle, SetAside } from '../../../core/ports/deployments'
import { isPortError } from '../../../core/ports/errors'

/** A component of one kind, as the policy declares it. */
export type Of<Kind extends Component['kind']> = Extract<Component, { readonly kind: Kind }>

/** What one place does with the components of its kind. What goes for all kinds is asked before: see `AwsDeployments`. */
export interface PlaceOf<Kind extends Component['kind']> {
  /** A version with a blank in it is on its way between two, and no version that could be put back. */
  inForce(component: Of<Kind>): Promise<string | undefined>
  obstacle(component: Of<Kind>, to: string): Promise<Obstacle | undefined>
  /** Asked only for another version than the one in force, in whose way nothing stands. */
  put(component: Of<Kind>, to: string, request: { readonly key: string }): Promise<void>
  serves(component: Of<Kind>): Promise<boolean>
  /** @default the place holds no data */
  setAside?(component: Of<Kind>, request: { readonly key: string }): Promise<readonly SetAside[]>
  /** @default the place keeps its versions by itself */
  keep?(component: Of<Kind>): Promise<void>
}

export const gone = ({ name }: Component, version: string): Obstacle => ({
  code: 'VERSION_GONE',
  what: `${name} ${version}`,
})

/** A function of the platform that fails does not serve; Lambda that cannot be asked throws. */
export async function unlessItFails(ask: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ask()
  } catch (error) {
    if (isPortError(error) && error.code === 'FUNCTION_FAILED') return false
    throw error
  }
}
