import type { Policy } from '../policy'
import type { Clock } from '../ports/clock'
import type { Component, Deployments } from '../ports/deployments'
import type { HealthProbes } from '../ports/health-probes'
import { look, type Seen } from '../verification/daily/seen'
import { healthExpectations, type HealthExpectations } from './expectations'
import type { HealthFacts } from './facts'
import { judgeHealth, type HealthVerdict } from './judges'
import type { HealthPlace } from './place'
import { ledTo } from './serving'

/** What a look at the health of a platform needs. */
export interface HealthSight {
  readonly policy: Policy
  readonly place: HealthPlace
  readonly clock: Pick<Clock, 'now'>
  readonly probes: HealthProbes
  /** @default none: the components of the release are not asked one by one */
  readonly deployments?: Pick<Deployments, 'serves'>
}

/** Looks at everything, and judges it. Records nothing; ends once the slowest probe has ended. */
export async function healthOf(sight: HealthSight): Promise<HealthVerdict> {
  const { policy, place, deployments, probes } = sight
  const names = await eachOf(
    [place.databaseName, ...Object.keys(place.hosts)],
    async (name) => (await probes.name(name)) ?? null,
  )
  // The database that a recovery has just put into service may be declared nowhere yet.
  const led = ledTo(names, place)
  const here = led?.region === place.region ? { ...place, own: led } : place
  const expected = healthExpectations(policy, here, deployments ? policy.releases.components : [])
  return judgeHealth({ ...(await gather(sight, expected)), names }, expected)
}

/** Each look by itself: one that is refused hides no other. */
async function gather(
  { probes, clock, deployments }: HealthSight,
  {
    certificates,
    own,
    functions: functionNames,
    queues: queueNames,
    alarmPrefix,
    backups: backedUp,
    components: parts,
  }: HealthExpectations,
): Promise<Omit<HealthFacts, 'names'>> {
  const serves = deployments ? (part: Component) => deployments.serves(part) : async () => false
  const [page, attempts, handshakes, database, functions, queues, alarms, backups, components] = await Promise.all([
    look(() => probes.page()),
    look(async () => (await probes.attempts()) ?? null),
    eachOf(certificates, (subject) => probes.handshake(subject)),
    look(() => probes.database(own)),
    functionNames.length > 0 ? look(() => probes.functions(functionNames)) : notAsked,
    queueNames.length > 0 ? look(() => probes.queues(queueNames)) : notAsked,
    alarmPrefix === undefined ? notAsked : look(() => probes.alarms()),
    backedUp ? look(async () => (await probes.backups()) ?? null) : notAsked,
    Promise.all(parts.map(async (part) => [part.name, await look(() => serves(part))] as const)),
  ])
  return {
    at: clock.now().toISOString(),
    page,
    attempts,
    handshakes,
    database,
    functions,
    queues,
    alarms,
    backups,
    components: Object.fromEntries(components),
  }
}

/** For what the place does not have; no judge looks at it. */
const notAsked = { seen: false, code: 'NOT_ASKED' } as const

async function eachOf<T>(
  names: readonly string[],
  ask: (name: string) => Promise<T>,
): Promise<Record<string, Seen<T>>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await look(() => ask(name))] as const)))
}
