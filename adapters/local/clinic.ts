import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Policy } from '../../core/policy'
import { PortError } from '../../core/ports/errors'
import type { RunningApplication } from './application-tier'
import { FolderWriteOnceStore } from './folder-write-once-store'
import type { Ground } from './ground'
import { openLink } from './link'
import { freePorts } from './loopback'
import { ended } from './workload'
import type { ApiClientSettings, ApplicationSettings, AuthorSettings, ReplicatorSettings } from './processes/settings'
import { startProcess } from './processes/start'
import { openContent, sealedAlone, servedStore } from './region-content'
import { startStoreServer } from './store-server'

/** The clinic beside its database: an HTTP application in both regions, and the settings and assets it serves. */
export interface Clinic {
  /** Starts the application of the recovery region, without waiting for it. */
  readonly bringUp: (name: string) => Promise<RunningApplication>
  /** Starts all the rest: what runs in the primary region, and somebody who uses the API. */
  open(): Promise<OpenClinic>
}

/** People at work with the clinic, and what they leave. */
export interface OpenClinic {
  /** File of `WorkloadEvent` lines: what a user of the API knew of each invoice. */
  readonly apiLog: string
  /** File of lines that say which changes the primary region took, and when. */
  readonly acknowledgedLog: string
  /** The newest change of each kind that the application of the recovery region serves; undefined where it serves none. */
  served(): Promise<{ readonly configuration: number | undefined; readonly assets: number | undefined }>
  /** Versions of settings that lie in the recovery region, and those that its own key does not open, or not alone. */
  sealed(): Promise<{ readonly versions: number; readonly notItsOwn: number }>
  /** Lets the user of the API finish. */
  leave(): Promise<void>
}

/** What the application uses the database with, whichever region it runs in. */
export type Recipe = Omit<ApplicationSettings, 'port' | 'content' | 'source' | 'across'>

/** The one application that a rehearsal has a program for, as the policy's hook names it. */
const APPLICATION = 'clinic'
const READY_MS = 60_000
const LOOK_EVERY_MS = 50

/**
 * Prepares the paths of a clinic: what crosses the border of the primary region crosses it through links that a partition
 * cuts, and takes `oneWayMs` from one region to the other.
 */
export async function prepareClinic(
  ground: Ground,
  recipe: Recipe,
  database: { readonly primary: () => number; readonly replica: () => number },
  { content }: Policy['rehearsal'],
  oneWayMs: number,
  acrossDeadlineMs: number,
): Promise<Clinic> {
  const { plan, place } = ground
  const source = plan.regions.primary
  const [primary, recovery] = await freePorts(2)
  const ports = { primary: primary!, recovery: recovery! }
  const contentOf = (at: 'primary' | 'recovery') => ({
    folder: join(place[at], 'content'),
    keyFile: join(place[at], 'configuration.key'),
  })
  const copies = ground.closing(
    await startStoreServer(servedStore(new FolderWriteOnceStore(contentOf('recovery').folder))),
  )
  const copying = await ground.openBorder(() => copies.port, oneWayMs)
  const api = {
    near: await ground.openBorder(() => ports.primary),
    far: ground.closing(await openLink(() => ports.recovery, oneWayMs)),
  }
  const path = {
    toPrimary: await ground.openBorder(database.primary, oneWayMs),
    toReplica: await ground.openBorder(database.replica, oneWayMs),
  }
  const startApplication = (at: 'primary' | 'recovery') => {
    const [name, { port }] =
      at === 'primary' ? [plan.endpointNames.replica, path.toReplica] : [plan.endpointNames.primary, path.toPrimary]
    const settings: ApplicationSettings = {
      ...recipe,
      port: ports[at],
      content: contentOf(at),
      source,
      across: { [name]: { port, connectDeadlineMs: acrossDeadlineMs } },
    }
    return startProcess('application', place[at], settings)
  }
  return {
    bringUp: async (name) => {
      if (name !== APPLICATION)
        throw new PortError(
          'invalid',
          'APPLICATION_UNKNOWN',
          `a rehearsal has no program for '${name}'; name '${APPLICATION}' in rehearsal.applicationTier`,
        )
      const child = await startApplication('recovery')
      return { port: ports.recovery, close: async () => void child.kill('SIGKILL') }
    },
    open: async () => {
      const acknowledgedLog = join(place.primary, 'acknowledged.jsonl')
      const apiLog = join(ground.folder, 'api-attempts.jsonl')
      const configuration = join(place.primary, 'configuration')
      await startProcess('content-author', place.primary, {
        configuration,
        content: contentOf('primary'),
        everyMs: content.changeEverySeconds * 1000,
        log: acknowledgedLog,
      } satisfies AuthorSettings)
      await startProcess('replicator', place.primary, {
        source,
        configuration,
        own: contentOf('primary'),
        recovery: { region: plan.regions.recovery, port: copying.port, keyFile: contentOf('recovery').keyFile },
        callDeadlineMs: acrossDeadlineMs,
        copySeconds: content.configurationCopySeconds,
        assetSeconds: content.assetReplicationSeconds,
      } satisfies ReplicatorSettings)
      await startApplication('primary')
      await untilWell(ports.primary)
      const user = await startProcess('api-client', ground.folder, {
        ports: [api.near.port, api.far.port],
        deadlineMs: recipe.writeDeadlineMs + acrossDeadlineMs,
        log: apiLog,
      } satisfies ApiClientSettings)
      return {
        apiLog,
        acknowledgedLog,
        served: async () => ({
          configuration: await newest(ports.recovery, 'settings'),
          assets: await newest(ports.recovery, 'assets'),
        }),
        sealed: async () =>
          sealedAlone(
            await openContent('recovery', contentOf('recovery')),
            (await openContent('primary', contentOf('primary'))).keys,
            source,
          ),
        leave: () => ended(user),
      }
    },
  }
}

const served = z.strictObject({ number: z.int().positive() })

async function newest(port: number, kind: 'settings' | 'assets'): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/${kind}`, { signal: AbortSignal.timeout(READY_MS) })
    return response.ok ? served.parse(await response.json()).number : undefined
  } catch {
    return undefined // an application that does not answer serves nothing
  }
}

async function untilWell(port: number): Promise<void> {
  const giveUpMs = performance.now() + READY_MS
  const isWell = () =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isWell())) {
    if (performance.now() > giveUpMs)
      throw new Error(
        `the application of the primary region did not answer within ${READY_MS / 1000} s; see its output in the world's folder`,
      )
    await sleep(LOOK_EVERY_MS)
  }
}
