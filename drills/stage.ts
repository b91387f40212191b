import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../adapters/local/clock'
import { explained, watchRoom } from '../adapters/local/disk-space'
import { startWorld, type LocalWorld } from '../adapters/local/world'
import type { Outside, WorldOptions } from '../adapters/local/world-plan'
import type { Policy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { Reporter } from '../core/ports/reporter'
import { openDrillEvidence, type DrillEvidence } from './drill-evidence'
import { incidentsOf, type DrillIncidents } from './incident'

/** What every drill is told. */
export interface DrillSize {
  readonly policy: Policy
  /** Patients to seed. */
  readonly rows: number
  readonly clients: number
  /** Folder of evidence, keys and reports. */
  readonly folder: string
}

/** What a drill goes through besides the local world. */
export interface DrillSurroundings {
  /** @default nothing: the world is whole on this machine */
  readonly outside?: Outside
  /** Called once the world stands, before its clients start. */
  before(world: LocalWorld): Promise<void>
  /** Ports of the run, made of those of the local world. */
  ports(local: Ports): Ports
}

export interface Scenery {
  readonly drill: string
  readonly size: DrillSize
  readonly world: Pick<WorldOptions, 'replication' | 'zone' | 'backups'>
  /** @default none: everything stands on this machine */
  readonly surroundings?: DrillSurroundings
}

/** A world that stands, and what a drill in it leaves behind. */
export interface Stage {
  readonly drill: string
  readonly size: DrillSize
  readonly world: LocalWorld
  readonly ports: Ports
  readonly incidents: DrillIncidents
  readonly evidence: DrillEvidence
  readonly runId: string
  readonly startedAt: string
  /** Beginning of the path of every file that the drill leaves. */
  readonly prefix: string
  readonly say: (text: string) => void
  /** Aborted once the drill has ended, however it did: what goes on beside it ends then. */
  readonly over: AbortSignal
}

/** Builds a world, plays a drill in it, and removes it whatever became of the drill. */
export async function onStage<T>(
  { drill, size, world: wanted, surroundings }: Scenery,
  reporter: Reporter,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const { policy, rows, folder } = size
  const runId = `drill-${new Date().toISOString().replaceAll(/[^0-9]/g, '')}`
  const startedAt = new Date().toISOString()
  const say = (text: string) => reporter.emit({ code: 'DRILL_PROGRESS', text })

  say('building two regions and a witness')
  const world = await startWorld({
    policy,
    rows,
    ...wanted,
    ...(surroundings?.outside && { outside: surroundings.outside }),
  })
  const endWatch = watchRoom(world.folder)
  const over = new AbortController()
  try {
    const evidence = await openDrillEvidence(folder, world.plan.regions.recovery, policy, systemClock)
    await surroundings?.before(world)
    const reports = join(folder, 'reports')
    await mkdir(reports, { recursive: true })
    const local = world.ports(evidence.chain, reporter, reports)
    const ports = surroundings?.ports(local) ?? local
    const { primary, replica, spares } = world
    const instances = { primary, replica, ...(spares[0] && { copy: spares[0] }) }
    const incidents = incidentsOf({ policy, ports, runId, instances, say })
    const prefix = join(reports, runId)
    return await play({
      drill,
      size,
      world,
      ports,
      incidents,
      evidence,
      runId,
      startedAt,
      prefix,
      say,
      over: over.signal,
    })
  } catch (error) {
    throw await explained(error, world.folder)
  } finally {
    over.abort()
    endWatch()
    await world.remove()
  }
}
