import { demand } from '../access/demand'
import type { OperatorWorld } from '../operator'
import { withRecoveryRegion } from '../policy/two-regions'
import type { ConfigurationRestores } from '../ports/configuration-restores'

export interface ConfigurationDeskWorld extends OperatorWorld {
  readonly configuration: ConfigurationRestores
}

type DataRegion = 'primary' | 'recovery'

/** What is asked about the configuration of a region, which after a disaster is another one than it was copied from. */
export type ConfigurationCall =
  | {
      readonly operation: 'configuration-versions'
      readonly region: DataRegion
      readonly of: DataRegion
      readonly setting?: string | undefined
    }
  | {
      readonly operation: 'show-configuration' | 'plan-configuration'
      readonly region: DataRegion
      readonly key: string
    }
  | {
      readonly operation: 'restore-configuration'
      readonly region: DataRegion
      readonly key: string
      readonly digest: string
      readonly reasonCode: string
    }

/**
 * Hands a call to whoever may read the copies, in the region whose settings it is about. A person sees what there is and
 * what would change, never what a setting holds. Throws PortError('denied') for whoever may not restore.
 */
export async function configurationAtDesk(world: ConfigurationDeskWorld, call: ConfigurationCall): Promise<unknown> {
  const { actor, configuration, policy } = world
  demand(actor, 'restore-configuration')
  const { region } = call
  switch (call.operation) {
    case 'configuration-versions': {
      const source = withRecoveryRegion(policy).topology.regions[call.of]
      return configuration.ask(region, {
        verb: 'versions',
        source,
        ...(call.setting !== undefined && { setting: call.setting }),
      })
    }
    case 'show-configuration':
      return configuration.ask(region, { verb: 'show', key: call.key })
    case 'plan-configuration':
      return configuration.ask(region, { verb: 'plan', key: call.key })
    case 'restore-configuration': {
      const { key, digest, reasonCode } = call
      return configuration.ask(region, { verb: 'apply', key, digest, reasonCode, person: actor.person })
    }
  }
}
