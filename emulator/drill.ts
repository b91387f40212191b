import { join } from 'node:path'
import type { LocalWorld } from '../adapters/local/world'
import type { WorldPlan } from '../adapters/local/world-plan'
import type { DrillResult } from '../core/measurement'
import type { TwoRegionPolicy } from '../core/policy'
import { regionalOutage } from '../drills/regional-outage'
import type { Names } from '../lib/names'
import { CallRecord } from './call-record'
import { drillPorts, storesOf } from './drill-ports'
import type { Say } from './run'
import type { ServedName } from './served-name'

export interface DrillStep {
  readonly step: string
  readonly outcome: string
  /** What answered its calls. */
  readonly ranAgainst: readonly string[]
}

export interface EmulatorDrill {
  readonly verdict: DrillResult['verdict']
  readonly measurements: DrillResult['measurements']
  readonly missed: readonly string[]
  readonly steps: readonly DrillStep[]
}

export interface DrillOptions {
  readonly policy: TwoRegionPolicy
  readonly names: Names
  readonly instances: WorldPlan['instances']
  readonly served: ServedName
  readonly folder: string
  /** Called with the local world before its clients start. */
  readonly before: (world: LocalWorld) => Promise<void>
  readonly say: Say
}

/**
 * The drill of a regional outage through the AWS adapters: coordination, evidence, keys and the traffic switch are the
 * deployed resources of MiniStack, RDS is moto's; database, fence, health and clients are the local world's.
 */
export async function emulatorDrill(options: DrillOptions): Promise<EmulatorDrill> {
  const { policy, names, instances, served, folder, before, say } = options
  const { workload } = policy.rehearsal
  const record = new CallRecord()
  const stores = storesOf(policy, names)
  const { result } = await regionalOutage(
    {
      policy,
      fault: 'host',
      replication: 'async',
      rows: workload.rows,
      clients: workload.clients,
      replayPausedSeconds: 0,
      folder: join(folder, 'drill'),
      surroundings: {
        outside: { instances, database: policy.database.name, stores, servedRegion: () => served.region() },
        before,
        ports: (local) => drillPorts(policy, names, stores, local, record),
      },
    },
    { emit: ({ text }) => say(text) },
  )
  return {
    verdict: result.verdict,
    measurements: result.measurements,
    missed: result.objectives.filter(({ met }) => !met).map(({ name }) => name),
    steps: result.steps.map(({ name, outcome, startedAt, seconds }) => {
      const startMs = Date.parse(startedAt ?? '')
      return { step: name, outcome, ranAgainst: record.between(startMs, startMs + (seconds ?? 0) * 1000) }
    }),
  }
}
