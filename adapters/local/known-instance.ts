import type { InstanceDescription, InstanceRef } from '../../core/ports/database'
import type { Instance } from './instance'
import type { ReachableInstance } from './reachable-instance'

/** One database instance of a world, as the control plane of its region keeps it. */
export interface KnownInstance extends ReachableInstance {
  readonly ref: InstanceRef
  readonly role: 'primary' | 'recovery'
  /** Server behind the endpoint: another one after a failover of the zone. */
  server: Instance
  zone?: string
  standby?: { readonly server: Instance; readonly zone: string }
  status: InstanceDescription['status']
}

/** All instances of a world, and where their endpoint names lead. */
export class KnownInstances implements Iterable<KnownInstance> {
  private readonly all: KnownInstance[] = []
  private readonly ports = new Map<string, number>()
  private readonly inService = new Map<string, KnownInstance>()

  /** Port behind each endpoint name now, as the name server tells it. */
  get endpoints(): ReadonlyMap<string, number> {
    return this.ports
  }

  [Symbol.iterator](): Iterator<KnownInstance> {
    return this.all.values()
  }

  add(instance: KnownInstance): KnownInstance {
    this.all.push(instance)
    this.serveBy(instance, instance.server)
    return instance
  }

  remove(instance: KnownInstance): void {
    this.all.splice(this.all.indexOf(instance), 1)
    this.ports.delete(instance.server.endpoint.name)
  }

  /** Moves the endpoint name of an instance to another server. */
  serveBy(instance: KnownInstance, server: Instance): void {
    instance.server = server
    this.ports.set(server.endpoint.name, server.endpoint.port)
  }

  /** Port behind an endpoint name now. */
  portOf(endpointName: string): number {
    const port = this.ports.get(endpointName)
    if (port === undefined) throw new Error(`nothing serves the endpoint '${endpointName}'`)
    return port
  }

  /** Makes it the one that the served name leads to while its region is served. */
  putInService(instance: KnownInstance): void {
    this.inService.set(instance.ref.region, instance)
  }

  /** Instance that the served name leads to while the region is served. */
  servedIn(region: string): KnownInstance {
    const found = this.inService.get(region)
    if (!found) throw new Error(`no instance is in service in ${region}`)
    return found
  }
}
