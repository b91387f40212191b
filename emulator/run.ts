import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TwoRegionPolicy } from '../core/policy'
import { readAssembly, type SynthesizedStack } from './assembly'
import { Cdk } from './deploy'
import { deployedResources, type DeployedResource } from './deployed'
import { startEmulators, type Emulators } from './emulators'
import { createHostedZones, type Replacement } from './hosted-zones'
import { requireKnownGaps, requireNoStaleGaps } from './known-gaps'
import { enterEmulators } from './loopback'
import { startNameServer, type NameServer } from './name-server'
import { endGroupsWithThisProcess, runFolder } from './process-group'
import { readBack } from './read-back'
import { rehearse } from './rehearse'
import { LEAST_CREATED_PERCENT, type EmulatorReport } from './report'
import { requireKnownTypes, shimsOf, withShims } from './shims'
import { requireStillMissing } from './still-missing'

/** Where the run says what it is doing. */
export type Say = (text: string) => void

/** What stands after a deployment. */
export interface Deployment {
  readonly assembly: string
  /** As synthesized, and as deployed. */
  readonly synthesized: readonly SynthesizedStack[]
  readonly deployed: readonly DeployedResource[]
  readonly replaced: readonly Replacement[]
}

/**
 * Deploys every stack of an environment into emulators on this machine, rehearses a region failover with them, and says
 * what of it was real. Nothing is reached beyond loopback, and nothing runs any more afterwards. Throws, with logs kept,
 * where a step fails.
 */
export async function runEmulators(policy: TwoRegionPolicy, say: Say): Promise<EmulatorReport> {
  endGroupsWithThisProcess()
  const startedMs = performance.now()
  const folder = await runFolder()
  const { accountId, regions } = policy.topology
  const nameServer = await startNameServer()
  let emulators: Emulators | undefined
  try {
    say('starting MiniStack and moto')
    emulators = await startEmulators(accountId, folder, nameServer.address)
    enterEmulators(emulators.environment(regions.primary))
    const report = await deployAndRehearse(policy, { emulators, nameServer, folder, say })
    await emulators.reset()
    await rm(folder, { recursive: true })
    return { ...report, seconds: Math.round((performance.now() - startedMs) / 1000) }
  } catch (error) {
    say(`logs are in ${folder}`)
    throw error
  } finally {
    await emulators?.stop()
    await nameServer.close()
  }
}

interface Around {
  readonly emulators: Emulators
  readonly nameServer: NameServer
  readonly folder: string
  readonly say: Say
}

async function deployAndRehearse(policy: TwoRegionPolicy, around: Around): Promise<Omit<EmulatorReport, 'seconds'>> {
  const { nameServer, folder, say } = around
  const deployment = await deploy(policy, around)
  const { synthesized, deployed, replaced } = deployment
  const shims = shimsOf(synthesized)
  const placeholders = shims.reduce((sum, { count }) => sum + count, 0)
  const total = deployed.length
  const createdPercent = Math.floor(((total - placeholders) / total) * 100)
  if (createdPercent < LEAST_CREATED_PERCENT)
    throw new Error(`only ${createdPercent} % of ${total} resources were created, expected ${LEAST_CREATED_PERCENT} %`)
  say('reading back what was created')
  const found = await readBack(deployment.assembly, deployed)
  requireKnownGaps(found)
  if (policy.environment === 'production') requireNoStaleGaps(found)
  return {
    environment: policy.environment,
    stacks: synthesized.length,
    regions: [...new Set(synthesized.map(({ region }) => region))].toSorted(),
    resources: { total, created: total - placeholders, placeholders, createdPercent },
    shims,
    readBack: { resources: found.resources, values: found.values, kept: found.kept, findings: found.findings },
    replaced,
    rehearsal: await rehearse(policy, deployment, { nameServer, folder, say }),
  }
}

async function deploy(policy: TwoRegionPolicy, { emulators, folder, say }: Around): Promise<Deployment> {
  const { accountId, regions } = policy.topology
  const cdk = new Cdk(folder, emulators.environment(regions.primary))
  const assembly = join(folder, 'assembly')
  say(`synthesizing ${policy.environment}`)
  await cdk.synthesize(policy.environment, assembly)
  const synthesized = readAssembly(assembly)
  requireKnownTypes(synthesized)
  await requireStillMissing()
  const replaced = await createHostedZones(policy)
  await rewrite(synthesized, replaced)
  say('bootstrapping the regions')
  await cdk.bootstrap(accountId, synthesized)
  say(`deploying ${synthesized.length} stacks`)
  await cdk.deploy(assembly)
  return { assembly, synthesized, deployed: await deployedResources(synthesized), replaced }
}

/** Gives the assembly what the emulators need instead of what they lack. The CDK uploads the file as it finds it. */
async function rewrite(stacks: readonly SynthesizedStack[], replaced: readonly Replacement[]): Promise<void> {
  for (const { file, template } of stacks) {
    const text = JSON.stringify(withShims(template))
    await writeFile(
      file,
      replaced.reduce((changed, { value, by }) => changed.replaceAll(value, by), text),
    )
  }
}
