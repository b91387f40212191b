import type { TwoRegionPolicy } from '../core/policy'
import { Names } from '../lib/names'
import { emulatorDrill, type EmulatorDrill } from './drill'
import { calledFunctions, dryRun, type DryRunStep } from './dry-run'
import { connectFunctions } from './functions'
import type { NameServer } from './name-server'
import { requireProviders } from './required-providers'
import { requireHeldBack } from './roll'
import type { Deployment, Say } from './run'
import { seedRds, type SeededInstance } from './seed-rds'
import { ServedName } from './served-name'
import { SUBSTITUTES, type Substitute } from './substitutes'
import { acceptingTokens } from './token-login'

export interface Rehearsal {
  /** Instances that moto was told of, out of the templates. */
  readonly rds: readonly SeededInstance[]
  /** Functions whose variables were changed, because MiniStack has no layers at /opt and no database. */
  readonly connected: { readonly policy: number; readonly database: number }
  /** What of AWS is played by something else of ours, and by what. */
  readonly substitutes: readonly Substitute[]
  readonly dryRun: readonly DryRunStep[]
  readonly drill: EmulatorDrill
}

interface Around {
  readonly nameServer: NameServer
  readonly folder: string
  readonly say: Say
}

/**
 * Rehearses a region failover on what was deployed: its state machine in dry-run, then a drill through the AWS adapters,
 * both on one local world. Throws where the dry run does not succeed or the drill misses an objective.
 */
export async function rehearse(
  policy: TwoRegionPolicy,
  { assembly, synthesized, deployed, replaced }: Deployment,
  { nameServer, folder, say }: Around,
): Promise<Rehearsal> {
  const names = new Names(policy)
  const served = new ServedName(policy, names, replaced[0]?.by ?? '')
  nameServer.answerFrom((name) => served.target(name))
  const rds = await seedRds(synthesized)
  const { primary, recovery } = policy.topology.regions
  const instances = { primary: instanceIn(rds, primary), replica: instanceIn(rds, recovery) }
  let connected: Rehearsal['connected'] | undefined
  let steps: DryRunStep[] | undefined
  const drill = await emulatorDrill({
    policy,
    names,
    instances,
    served,
    folder,
    say,
    before: async (world) => {
      connected = await connectFunctions(deployed, world, assembly)
      say('dry run of the deployed state machine')
      steps = await acceptingTokens(world, () =>
        dryRun(policy, names, {
          primary: { region: primary, instance: instances.primary },
          replica: { region: recovery, instance: instances.replica },
        }),
      )
      const called = await calledFunctions(policy, names)
      await requireHeldBack(
        folder,
        called.map((name) => `node ${name}`),
      )
    },
  })
  if (!connected || !steps) throw new Error('the drill began without the dry run')
  if (drill.verdict !== 'pass')
    throw new Error(`the drill ended as ${drill.verdict}; it missed ${drill.missed.join(', ') || 'nothing'}`)
  requireProviders(drill.steps)
  return { rds, connected, substitutes: SUBSTITUTES, dryRun: steps, drill }
}

/** The one instance of a region that moto was told of. */
function instanceIn(seeded: readonly SeededInstance[], region: string): string {
  const found = seeded.find((instance) => instance.region === region)
  if (!found) throw new Error(`no template declares a database instance in ${region}`)
  return found.instance
}
