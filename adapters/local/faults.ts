import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint, Login, withSession } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import type { Instance } from './instance'
import type { Link } from './link'
import { kill, processesIn } from './scratch'

/**
 * - `process`: the postmaster is killed, its backends live on for a moment
 * - `database-hang`: every process of the primary database is stopped; the rest of its region works
 * - `host`: every process of the region is killed
 * - `hang`: every process of the region is stopped, and may go on later as if nothing had happened
 * - `partition`: the region works and serves its own clients, but nothing passes its borders
 */
export type FaultKind = 'process' | 'database-hang' | 'host' | 'hang' | 'partition'

/** What can be done to the primary region, and taken back. */
export interface Faults {
  inject(kind: FaultKind): Promise<void>
  /** Brings the old primary back, as after the end of an outage: restarted (and closed), resumed, or reachable again. */
  heal(kind: FaultKind): Promise<void>
  /** Kills the guards of the primary region, stops them, or lets stopped ones go on. */
  signalGuards(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Paths across the border of the primary region at this moment. */
  readonly links: readonly Link[]
  /** Stops the whole region for a moment. */
  stall(milliseconds: number): Promise<void>
  /**
   * Holds the replica back: it neither receives nor replays. A paused replay alone would lose nothing, because a
   * promotion ends the pause and replays everything received before.
   */
  pauseReplay(): Promise<void>
  resumeReplay(): Promise<void>
  /** Whether anything of the primary region can answer the recovery region: it neither died, nor hangs, nor is cut off. */
  primaryRegionAnswers(): boolean
}

export interface FaultTargets {
  /** Working directory of everything that runs in the primary region. */
  readonly regionFolder: string
  /** Server of the primary at this moment. */
  readonly primary: () => Instance
  /** Every path across the region's border, also those still to come. */
  readonly links: readonly Link[]
  /** The one of them the replica receives through. */
  readonly replication: Link
  readonly replica: Endpoint
  readonly fenceLogin: Login
  readonly startGuards: () => Promise<void>
  readonly signalGuards: (signal: NodeJS.Signals) => Promise<void>
  /** Opens sessions with the databases of this world, and refuses any other. */
  readonly withSession: typeof withSession
}

const REPLICA_DEADLINE_MS = 5000

export function injectFault({
  regionFolder,
  primary,
  links,
  replication,
  replica,
  fenceLogin,
  startGuards,
  signalGuards,
  withSession: session,
}: FaultTargets): Faults {
  const signalRegion = async (signal: NodeJS.Signals) => {
    for (const pid of await processesIn(regionFolder)) kill(pid, signal)
  }
  const onReplica = (statement: string) =>
    session(replica, fenceLogin, REPLICA_DEADLINE_MS, async (client) => void (await client.query(statement)))
  let hit: Instance | undefined
  let isDark = false
  return {
    inject: async (kind) => {
      hit = primary()
      isDark = kind !== 'process' && kind !== 'database-hang'
      switch (kind) {
        case 'process':
          return hit.killPostmaster()
        case 'database-hang':
          return hit.signal('SIGSTOP')
        case 'host':
          return signalRegion('SIGKILL')
        case 'hang':
          return signalRegion('SIGSTOP')
        case 'partition':
          return links.forEach((link) => link.cut())
      }
    },
    heal: async (kind) => {
      const old = hit ?? primary()
      isDark = false
      switch (kind) {
        case 'process':
        case 'host':
          await old.stopped()
          // A restarted primary does not know what happened meanwhile: only the fence role gets in.
          await old.start(fenceLogin, { closedTo: FENCE_ROLE })
          if (kind === 'host') await startGuards()
          return
        case 'database-hang':
          return old.signal('SIGCONT')
        case 'hang':
          return signalRegion('SIGCONT')
        case 'partition':
          return links.forEach((link) => link.heal())
      }
    },
    signalGuards,
    links,
    stall: async (milliseconds) => {
      await signalRegion('SIGSTOP')
      try {
        await sleep(milliseconds)
      } finally {
        await signalRegion('SIGCONT')
      }
    },
    pauseReplay: async () => {
      await onReplica('select pg_wal_replay_pause()')
      replication.cut()
    },
    resumeReplay: async () => {
      replication.heal()
      await onReplica('select pg_wal_replay_resume()')
    },
    primaryRegionAnswers: () => !isDark,
  }
}
