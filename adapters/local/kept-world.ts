import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import { UserError } from '../../core/user-error'
import { systemClock } from './clock'
import { localDeployments } from './deployments'
import { CLINIC_RELEASES, FIRST_RELEASE } from './deployments/clinic-releases'
import { rollOut } from './deployments/roll-out'
import { hostPrograms, platformOf } from './platform'
import type { ApiClientSettings } from './processes/settings'
import { startProcess } from './processes/start'
import { processTable } from './process-table'
import { announceWorld, descriptionIn, standingWorld, type StandingWorld } from './standing-world'
import { ended } from './workload'
import { startWorld, type LocalWorld } from './world'

const SERVES_MS = 60_000
const LOOK_EVERY_MS = 100

export interface KeptWorld {
  readonly world: LocalWorld
  readonly described: StandingWorld
}

/**
 * Builds a world with the first release of its platform healthy and people at work, and tells other programs of it. It stands
 * until this process ends, however that happens.
 */
export async function keepWorld(
  folder: string,
  policy: Policy,
  rows: number,
  say: (text: string) => void,
): Promise<KeptWorld> {
  say('building two regions and a witness')
  const world = await startWorld({ policy, rows, replication: 'async' })
  try {
    const described = await withPlatform(world, policy, say)
    await announceWorld(folder, described)
    // Whatever ends this process: a description of what is gone would mislead until somebody looked at its owner.
    process.once('exit', () => rmSync(descriptionIn(folder), { force: true }))
    return { world, described }
  } catch (error) {
    await world.remove()
    throw error
  }
}

/** Hosts the platform in a world, rolls the first release out, and lets somebody use it. */
export async function withPlatform(
  world: LocalWorld,
  policy: Policy,
  say: (text: string) => void,
): Promise<StandingWorld> {
  const { regions } = world.plan
  const platform = join(world.folder, regions.primary, 'platform')
  await mkdir(platform)
  say('hosting the programs of the platform')
  const applications = await hostPrograms(platform, policy.releases, world.recipe)
  const described: StandingWorld = {
    version: 1,
    environment: policy.environment,
    startedAt: systemClock.now().toISOString(),
    owner: { pid: process.pid, startTime: await processTable.startTimeOf(process.pid) },
    ...world.reached(),
    keyFile: join(world.folder, regions.recovery, 'keys', 'wrapping'),
    applications,
    platform,
  }
  say(`rolling out ${FIRST_RELEASE}`)
  await rollOut(platformOf(described), policy.releases, CLINIC_RELEASES[FIRST_RELEASE], 'first')
  await untilServed(described, policy)
  return described
}

/** Somebody who writes one invoice after the other over HTTP until they leave; what they know of each lies in the log. */
export async function letPeopleWork(
  world: LocalWorld,
  { applications }: StandingWorld,
): Promise<{ readonly log: string; leave(): Promise<void> }> {
  const log = join(world.folder, 'api-attempts.jsonl')
  const { port } = applications.find(({ name }) => name === 'api')!
  const user = await startProcess('api-client', world.folder, {
    ports: [port],
    deadlineMs: world.recipe.writeDeadlineMs * 2,
    log,
  } satisfies ApiClientSettings)
  return { log, leave: () => ended(user) }
}

async function untilServed(described: StandingWorld, { releases: { components } }: Policy): Promise<void> {
  const deployments = localDeployments(platformOf(described))
  for (const component of components)
    for (const giveUpMs = performance.now() + SERVES_MS; !(await deployments.serves(component));) {
      if (performance.now() > giveUpMs)
        throw new Error(`'${component.name}' of ${FIRST_RELEASE} does not serve after ${SERVES_MS / 1000} s`)
      await sleep(LOOK_EVERY_MS)
    }
}

/** How long a world may take to end: each of its servers has its own deadline below that. */
const ENDS_MS = 120_000

/**
 * Asks the process that keeps a world to end it, and waits until it has. False where none stands. Throws
 * UserError('WORLD_STAYS') where it does not end.
 */
export async function endWorld(folder: string, clock: Clock = systemClock): Promise<boolean> {
  const standing = await standingWorld(folder)
  if (!standing) return false
  const { pid, startTime } = standing.owner
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    // It has ended by itself since it was looked for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  for (const giveUpMs = clock.monotonicMs() + ENDS_MS; (await processTable.startTimeOf(pid)) === startTime;) {
    if (clock.monotonicMs() > giveUpMs)
      throw new UserError(
        'WORLD_STAYS',
        `process ${pid}, which keeps the world of '${folder}', has not ended after ${ENDS_MS / 1000} s`,
        `look at what it says in its terminal, and end it with: kill -9 ${pid}`,
      )
    await clock.sleep(LOOK_EVERY_MS)
  }
  return true
}
