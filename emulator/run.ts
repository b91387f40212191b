import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Policy } from '../core/policy'
import { readAssembly, type SynthesizedStack } from './assembly'
import { Cdk } from './deploy'
import { deployedResources } from './deployed'
import { startEmulators, type Emulators } from './emulators'
import { createHostedZones, type Replacement } from './hosted-zones'
import { enterEmulators } from './loopback'
import { endGroupsWithThisProcess } from './process-group'
import { LEAST_CREATED_PERCENT, type EmulatorReport } from './report'
import { requireKnownTypes, shimsOf, withShims } from './shims'
import { requireStillMissing } from './still-missing'

/** Where the run says what it is doing. */
export type Say = (text: string) => void

/**
 * Deploys every stack of an environment into emulators on this machine, and says what of it was really created. Nothing
 * is reached beyond loopback, and nothing runs any more afterwards. Throws, with logs kept, where a step fails.
 */
export async function deployToEmulators(policy: Policy, say: Say): Promise<EmulatorReport> {
  endGroupsWithThisProcess()
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  const { accountId, regions } = policy.topology
  say('starting MiniStack and moto')
  const emulators = await startEmulators(accountId, folder)
  try {
    enterEmulators(emulators.environment(regions.primary))
    const report = await deployAndLook(policy, emulators, folder, say)
    await emulators.reset()
    await rm(folder, { recursive: true })
    return report
  } catch (error) {
    say(`logs are in ${folder}`)
    throw error
  } finally {
    await emulators.stop()
  }
}

async function deployAndLook(policy: Policy, emulators: Emulators, folder: string, say: Say): Promise<EmulatorReport> {
  const startedMs = performance.now()
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
  const stacks = readAssembly(assembly)
  say(`bootstrapping ${new Set(stacks.map(({ region }) => region)).size} regions`)
  await cdk.bootstrap(accountId, stacks)
  say(`deploying ${stacks.length} stacks`)
  await cdk.deploy(assembly)

  const shims = shimsOf(synthesized)
  const placeholders = shims.reduce((sum, { count }) => sum + count, 0)
  const total = (await deployedResources(stacks)).length
  const createdPercent = Math.floor(((total - placeholders) / total) * 100)
  if (createdPercent < LEAST_CREATED_PERCENT)
    throw new Error(`only ${createdPercent} % of ${total} resources were created, expected ${LEAST_CREATED_PERCENT} %`)
  return {
    environment: policy.environment,
    stacks: stacks.length,
    regions: [...new Set(stacks.map(({ region }) => region))].toSorted(),
    resources: { total, created: total - placeholders, placeholders, createdPercent },
    shims,
    replaced,
    seconds: Math.round((performance.now() - startedMs) / 1000),
  }
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
