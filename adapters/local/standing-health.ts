import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { contentHash, EvidenceChain, writeCheckpoint } from '../../core/evidence'
import { checkHealth } from '../../core/health/check-health'
import { healthHistory, type HealthHistory } from '../../core/health/history'
import type { HealthVerdict } from '../../core/health/judges'
import { HEALTH_CHECK } from '../../core/health/record-kind'
import type { Policy } from '../../core/policy'
import { withSession } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { systemClock } from './clock'
import { regionsOf } from './daily-world'
import { localDeployments } from './deployments'
import { FolderWriteOnceStore } from './folder-write-once-store'
import { rehearsedPlace, rehearsedProbes, type RehearsedPlatform } from './health-probes'
import { KeyFileSigner } from './key-file-signer'
import { platformOf } from './platform'
import { standingLogin, type StandingWorld } from './standing-world'

/** File of the folder of a world: what those who work with it know of each of their attempts. */
const CLIENT_LOG = 'api-attempts.jsonl'

/** Looks at the world that stands, once from each of its data regions, and leaves a signed record of each look in the folder. */
export async function lookAtStanding(folder: string, world: StandingWorld, policy: Policy): Promise<HealthVerdict[]> {
  const deployments = localDeployments(platformOf(world))
  const evidence = join(folder, 'evidence')
  return Promise.all(
    (['primary', 'recovery'] as const).map(async (role) => {
      const region = world.regions[role]
      const platform = await platformIn(folder, world, policy, role)
      const store = new FolderWriteOnceStore(evidence)
      const chain = chainOf(store, region, policy)
      const verdict = await checkHealth({
        policy,
        clock: systemClock,
        place: rehearsedPlace(platform),
        probes: rehearsedProbes(platform, policy),
        evidence: chain,
        // What is in force of the release lies in the primary region.
        ...(role === 'primary' && { deployments }),
      })
      const signer = await KeyFileSigner.open(join(dirname(evidence), 'keys'), region)
      await writeCheckpoint({ store, signer, clock: systemClock, chain, others: [], reason: 'runbook' })
      return verdict
    }),
  )
}

/** What earlier looks at worlds of this folder came to, as each region saw them; none has to stand any more. */
export const pastLooks = (folder: string, policy: Policy, days?: number): Promise<HealthHistory[]> =>
  Promise.all(
    regionsOf(policy).map((region) =>
      healthHistory(policy, new FolderWriteOnceStore(join(folder, 'evidence')), {
        region,
        now: systemClock.now(),
        ...(days !== undefined && { days }),
      }),
    ),
  )

const chainOf = (store: FolderWriteOnceStore, region: string, policy: Policy): EvidenceChain =>
  new EvidenceChain(store, {
    region,
    writer: HEALTH_CHECK,
    environment: policy.environment,
    policyHash: contentHash(policy),
  })

async function platformIn(
  folder: string,
  world: StandingWorld,
  { releases }: Policy,
  role: 'primary' | 'recovery',
): Promise<RehearsedPlatform> {
  const { regions, servedName, dnsPort, instances, applications } = world
  const region = regions[role]
  const own = instances.find((one) => one.region === region)
  // What nothing else needs is what people use; its page asks for all that it needs itself.
  const needed = new Set(releases.components.flatMap(({ dependsOn }) => dependsOn))
  const page = applications.find(({ name }) => !needed.has(name))
  if (!own || !page) throw new Error(`the world that stands has no database or no page for '${region}'`)
  return {
    region,
    servedName,
    dnsPort,
    pageUrl: `http://127.0.0.1:${page.port}/health`,
    clientLog: join(world.folder, CLIENT_LOG),
    endpoints: instances.map(({ endpoint }) => endpoint),
    instances: instances.map(({ region: at, instance }) => ({ region: at, instance })),
    own: { region, instance: own.instance },
    session: async (endpoint, deadlineMs, work) =>
      withSession(endpoint, await standingLogin(world, FENCE_ROLE), deadlineMs, work),
    backups: (await stat(join(folder, 'backups', region)).catch(() => undefined))?.isDirectory() ?? false,
    evidence: new FolderWriteOnceStore(join(folder, 'evidence')),
  }
}
