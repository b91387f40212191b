import { requireUnfilled } from '../adapters/local/disk-space'
import type { FaultKind } from '../adapters/local/faults'
import { isDeclaredWithin } from './detection'
import type { Stage } from './stage'

/** When a fault came, on the clock of the clients' log and on the wall. */
export interface Strike {
  readonly ns: bigint
  readonly at: string
}

/** Longest a fault may stay unnoticed before the drill itself gives up; not an objective. */
const DETECTION_GIVES_UP_MS = 60_000

/** Injects a fault and waits until the health signals declare the primary lost, as they would in production. */
export async function strike(stage: Stage, fault: FaultKind, inWords: string): Promise<Strike> {
  const { world, ports, size, say } = stage
  await requireUnfilled(world.folder)
  say(`fault: ${inWords}`)
  const struck = now()
  await world.faults.inject(fault)
  const { pace } = size.policy.rehearsal
  if (!(await isDeclaredWithin(DETECTION_GIVES_UP_MS, ports, pace, world.primary, world.replica)))
    throw new Error(
      `the fault was not detected within ${DETECTION_GIVES_UP_MS / 1000} s; see the health signals of the local world`,
    )
  await requireUnfilled(world.folder)
  return struck
}

/** This moment, for what begins without a fault, such as a planned switch. */
export const now = (): Strike => ({ ns: process.hrtime.bigint(), at: new Date().toISOString() })
