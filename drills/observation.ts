import { serverAt } from '../adapters/local/client-recipe'
import type { Workload } from '../adapters/local/workload'
import { measureWorkload, type WorkloadMeasurement } from '../core/measurement'
import type { InstanceRef } from '../core/ports/database'
import { readEvents } from './logs'
import { countLoss, type CountedLoss } from './lost-transactions'
import type { Stage } from './stage'
import type { Strike } from './strike'

/** What the clients saw, and what became of their transactions where a writer could be asked. */
export interface Observation {
  readonly measured: WorkloadMeasurement
  readonly counted?: CountedLoss
}

/** Reads the logs of clients that have stopped. The loss is counted on the writer of the end; undefined: there is none. */
export async function observe(
  { world, prefix, say }: Stage,
  workload: Workload,
  struck: Strike,
  recovered: InstanceRef,
  writer: InstanceRef | undefined,
): Promise<Observation> {
  say('counting what was lost')
  const measured = await measureWorkload(readEvents(workload.logPath), {
    faultNs: struck.ns,
    recoveredEndpoint: serverAt(world.endpointOf(recovered)),
    bucketSeconds: 0.25,
  })
  if (!writer) return { measured }
  return { measured, counted: await world.withInstance(writer, (client) => countLoss(client, workload, `${prefix}-`)) }
}
