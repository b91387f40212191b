import type { Component, Deployments, Obstacle, SetAside } from '../../../core/ports/deployments'
import { PortError } from '../../../core/ports/errors'
import type { VersionKeeping } from '../../../core/ports/version-keeping'
import type { PlaceOf } from './kind'

/** The place of each kind of component. */
export type Places = { readonly [Kind in Component['kind']]: PlaceOf<Kind> }

/** What is deployed of the platform in AWS and at Vercel, each kind of component at its place. */
export class AwsDeployments implements Deployments, VersionKeeping {
  constructor(private readonly places: Places) {}

  inForce(component: Component): Promise<string | undefined> {
    return this.at(component).inForce(component)
  }

  async obstacle(component: Component, to: string): Promise<Obstacle | undefined> {
    return (await this.inForce(component)) === to ? undefined : this.at(component).obstacle(component, to)
  }

  async putInForce(component: Component, to: string, request: { readonly key: string }): Promise<void> {
    if ((await this.inForce(component)) === to) return
    const obstacle = await this.at(component).obstacle(component, to)
    if (obstacle) throw new PortError('conflict', obstacle.code, `'${obstacle.what}' stands in the way`)
    await this.at(component).put(component, to, request)
  }

  serves(component: Component): Promise<boolean> {
    return this.at(component).serves(component)
  }

  async setAside(component: Component, request: { readonly key: string }): Promise<readonly SetAside[]> {
    return (await this.at(component).setAside?.(component, request)) ?? []
  }

  async keep(component: Component): Promise<void> {
    await this.at(component).keep?.(component)
  }

  private at<Kind extends Component['kind']>({ kind }: { readonly kind: Kind }): PlaceOf<Kind> {
    return this.places[kind]
  }
}
