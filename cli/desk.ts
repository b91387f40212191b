import { databaseMarking } from '../adapters/local/database-marking'
import { FolderConfigurationRestores } from '../adapters/local/folder-configuration-restores'
import { RehearsedMachines } from '../adapters/memory/rehearsed-machines'
import { rehearsedPreviews } from '../adapters/memory/rehearsed-previews'
import { RehearsedSessions } from '../adapters/memory/elevated-sessions'
import { answered } from '../core/access/answer'
import { atDesk, type DeskCall, type DeskWorld } from '../core/access/desk'
import { ELEVATED_ROLES } from '../core/access/human-roles'
import type { Json } from '../core/json'
import type { OperatorWorld } from '../core/operator'
import { withRecoveryRegion } from '../core/policy/two-regions'
import { chosenPolicy } from './chosen-policy'
import { operatorWorld, refused, type OperatorOptions } from './operator'
import { standingDeployments } from './standing-deployments'
import { overStandingWorld } from './standing-desk'

export interface DeskOptions extends OperatorOptions {
  /** File that names a database of this machine. @default none is at hand */
  readonly database?: string
}

/** Asks the desk. In AWS the desk acts, since it knows who calls; on this machine a rehearsal of the same desk. */
export const askDesk = (options: DeskOptions, call: DeskCall): Promise<Json> =>
  refused(async () => {
    if (options.target === 'aws') {
      const { callDesk } = await import('../adapters/aws/desk-client')
      return callDesk(chosenPolicy(options), process.env, call)
    }
    const world = await overStandingWorld(rehearsed(await operatorWorld(options), options), options)
    const deployments = await standingDeployments(options)
    const { database } = options
    const marking = database === undefined ? {} : { marking: await databaseMarking(database) }
    return answered(
      await atDesk(() => ({ ...world, ...marking, ...(deployments && { deployments }) }), JSON.stringify(call)),
    )
  })

/** Opens no role and executes no runbook; asks and answers as the desk in AWS does. */
function rehearsed(world: OperatorWorld, options: Pick<OperatorOptions, 'folder'>): DeskWorld {
  const { primary, recovery } = withRecoveryRegion(world.policy).topology.regions
  const instances = {
    primary: { region: primary, instance: 'rehearsed-primary' },
    replica: { region: recovery, instance: 'rehearsed-replica' },
    rebuilt: { region: primary, instance: 'rehearsed-rebuilt' },
  }
  return {
    ...world,
    sessions: new RehearsedSessions(world.clock, ELEVATED_ROLES),
    configuration: rehearsedRestores(world, options),
    machines: new RehearsedMachines(world.policy, world.places, world.clock),
    previews: rehearsedPreviews(world, instances),
    instances,
  }
}

/** The configuration of both regions below the folder of a rehearsal. */
export const rehearsedRestores = (world: OperatorWorld, { folder }: Pick<OperatorOptions, 'folder'>) =>
  new FolderConfigurationRestores(folder, withRecoveryRegion(world.policy).topology.regions, world)
