import type { Client } from 'pg'
import { newestBackupsLook } from '../../core/health/newest-backups-look'
import type { HealthPlace } from '../../core/health/place'
import type { Policy } from '../../core/policy'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { HealthProbes, NameSeen } from '../../core/ports/health-probes'
import type { WriteOnceStore } from '../../core/ports/write-once-store'
import { seeHandshake } from '../net/handshake'
import { sample } from '../net/http-probe'
import { askPage } from '../net/served-page'
import type { Endpoint } from '../postgres/connect'
import { seeDatabase } from '../postgres/health'
import { newestAttempts } from './client-attempts'
import { locate, resolveServed, type Resolver } from './client-recipe'
import { systemClock } from './clock'

/** How a rehearsal is reached by whoever looks at its health. */
export interface RehearsedPlatform {
  readonly region: string
  readonly servedName: string
  readonly dnsPort: number
  /** Health page of the application, as clients reach it. */
  readonly pageUrl: string
  /** What those who work with it log of their own attempts. @default nobody works with it, and its page is asked instead */
  readonly clientLog?: string
  /** Every endpoint that the name may lead to, wherever it is served now. */
  readonly endpoints: readonly Endpoint[]
  readonly instances: readonly InstanceRef[]
  readonly own: InstanceRef
  /** Session of the fence role, the whole under the deadline. */
  session<T>(endpoint: Endpoint, deadlineMs: number, work: (client: Client) => Promise<T>): Promise<T>
  /** Whether it has backups that are checked, and where their checks leave records. */
  readonly backups: boolean
  readonly evidence: Pick<WriteOnceStore, 'get'>
}

/** What every endpoint of a rehearsal ends with. */
const ENDPOINT_DOMAIN = 'db.localhost'

/** Where a look from one region of a rehearsal stands. Nothing there is made of functions, queues and alarms. */
export const rehearsedPlace = ({ region, servedName, instances, own, backups }: RehearsedPlatform): HealthPlace => ({
  region,
  databaseName: servedName,
  endpointDomain: ENDPOINT_DOMAIN,
  instances,
  own,
  hosts: {},
  certificates: [endpointNameOf(own)],
  functions: [],
  queues: [],
  backups,
})

const endpointNameOf = ({ instance, region }: InstanceRef): string => `${instance}.${region}.${ENDPOINT_DOMAIN}`

/** Looks at a rehearsal as production's function looks at the platform: its page, name, certificates and databases are real. */
export function rehearsedProbes(
  platform: RehearsedPlatform,
  { pace, rehearsal, operations, kpis }: Policy,
): HealthProbes {
  const { pageUrl, servedName, dnsPort, endpoints, clientLog } = platform
  const deadlineMs = pace.detection.probeTimeoutSeconds * 1000
  const resolver: Resolver = { port: dnsPort, servedName, deadlineMs }
  const endpoint = async (name: string): Promise<Endpoint> => {
    const known = endpoints.find((candidate) => candidate.name === name)
    if (!known) throw new PortError('invalid', 'ENDPOINT_UNKNOWN', `'${name}' is no endpoint of this rehearsal`)
    return orUnreachable(() => locate(known, resolver))
  }
  const { availability } = operations
  /** As many as the alarm of production weighs, of which a page that is well says nothing. */
  const worked = (log: string) =>
    newestAttempts(log, availability.attempts * kpis.availability.alertAfterMinutes, {
      freshMs: deadlineMs,
      nowMs: systemClock.now().getTime(),
    })
  /** As many as production asks in a minute, at the pace of a rehearsal. */
  const asked = () =>
    sample(
      pageUrl,
      { attempts: availability.attempts, everySeconds: rehearsal.pace.pollEverySeconds },
      pace.detection.probeTimeoutSeconds,
      systemClock,
    )
  return {
    page: () => askPage(pageUrl, deadlineMs),
    attempts: async () => (clientLog === undefined ? undefined : await worked(clientLog)) ?? (await asked()),
    handshake: async (subject) => {
      const { host, port, authority, name } = await endpoint(subject)
      return seeHandshake({ host, port, name, authority, speaks: 'postgres', deadlineMs })
    },
    name: async (served): Promise<NameSeen | undefined> => {
      if (served !== servedName) return undefined
      const { target, ttlSeconds } = await orUnreachable(() => resolveServed(resolver))
      return { target, ttlSeconds }
    },
    database: async (ref) => {
      const at = await endpoint(endpointNameOf(ref))
      const { probeEverySeconds, consecutiveFailures } = rehearsal.pace.detection
      return seeDatabase(
        (work) => platform.session(at, deadlineMs, work),
        probeEverySeconds * consecutiveFailures * 1000,
      )
    },
    functions: async () => ({}),
    queues: async () => ({}),
    alarms: async () => [],
    backups: () => newestBackupsLook(platform.evidence, platform.region),
  }
}

async function orUnreachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new PortError('unreachable', 'NO_RESOLVER', 'the name server of the rehearsal did not tell', { cause: error })
  }
}
