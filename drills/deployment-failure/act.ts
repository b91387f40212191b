import { localDeployments } from '../../adapters/local/deployments'
import { CLINIC_RELEASES, type ClinicRelease } from '../../adapters/local/deployments/clinic-releases'
import { rollOut } from '../../adapters/local/deployments/roll-out'
import { platformOf } from '../../adapters/local/platform'
import type { StandingWorld } from '../../adapters/local/standing-world'
import { keepMarker } from '../../core/coordination/markers'
import { disturbance, type Disturbance } from '../../core/measurement'
import type { Ports } from '../../core/ports'
import { healthOf, settledVersions } from '../../core/release/in-force'
import { recordRelease } from '../../core/release/registry'
import type { Release } from '../../core/release/release'
import type { WantedRollback } from '../../core/release/wanted-rollback'
import { drive } from '../../core/runbook/engine'
import type { RunState } from '../../core/runbook/model'
import { rollback } from '../../core/runbook/rollback'
import type { RollbackInput } from '../../core/runbook/rollback/input'
import { resolveRollback } from '../../core/runbook/rollback/resolve'
import { ring, type OpenedIncident } from '../incident'
import { readEvents } from '../logs'
import type { Stage } from '../stage'
import { now, type Strike } from '../strike'
import { untilFailing } from './detection'

/** The platform of a drill, and the log of whoever uses it. */
export interface Played {
  readonly stage: Stage
  readonly platform: StandingWorld
  readonly log: string
}

/** A bad release that went out, was noticed, and was put back. */
export interface Act {
  readonly release: Release
  /** When it began to go out. */
  readonly struck: Strike
  readonly noticedSeconds: number
  readonly answered: OpenedIncident
  readonly applied: Strike
  readonly run: RunState<RollbackInput>
  /** What its users saw of it; undefined while they are not served. */
  readonly seen: Disturbance | undefined
}

/** Rolls a bad release out, waits until it is noticed, and puts back as much as `type` says. */
export async function act(played: Played, type: WantedRollback['type'], tag: ClinicRelease): Promise<Act> {
  const { stage, platform, log } = played
  const { ports, size, say } = stage
  const { policy } = size
  const { badRelease, workload } = policy.rehearsal
  say(`rolling out ${tag}`)
  const struck = now()
  const noticed = untilFailing(ports.clock, portOf(platform, 'api'), badRelease).then(() => now())
  await rollOut(platformOf(platform), policy.releases, CLINIC_RELEASES[tag], `${stage.runId}/${tag}`)
  const release = await recorded(played, tag)
  const at = await noticed
  say('noticed: requests fail')
  const answered = await stage.incidents.open(ring('release-ill', stage.world.primary.region))
  const applied = now()
  const run = await putBack(stage, `${stage.runId}-${type}`, answered.incident.id, { type })
  const untilNs = (await afterwards(ports, workload.afterRecoverySeconds)).ns
  return {
    release,
    struck,
    noticedSeconds: secondsSince(struck, at),
    answered,
    applied,
    run,
    seen: await disturbance(readEvents(log), { fromNs: struck.ns, appliedNs: applied.ns, untilNs }),
  }
}

/** One run of the rollback, as an operator would apply it whom nobody has to approve. */
export function putBack(
  { ports, size, world }: Stage,
  runId: string,
  incidentId: string,
  wanted: WantedRollback,
): Promise<RunState<RollbackInput>> {
  const { policy } = size
  const { pace, badRelease } = policy.rehearsal
  const input = resolveRollback(policy, {
    incidentId,
    reasonCode: 'DRILL',
    wanted,
    writer: world.primary,
    operation: 'automatic',
    pace: {
      pollEverySeconds: pace.pollEverySeconds,
      healthySeconds: badRelease.healthySeconds,
      monitorSeconds: badRelease.monitorSeconds,
    },
  })
  return drive(rollback, ports, { runId, mode: 'drill', startedBy: 'drill', input })
}

/** Puts what is in force on record, as a pipeline does, with the moment to which the data can return. */
export async function recorded({ stage, platform }: Omit<Played, 'log'>, tag: string): Promise<Release> {
  const { ports, size } = stage
  const { components } = size.policy.releases
  const deployments = localDeployments(platformOf(platform))
  const recoveryPoint = `before-${tag}`
  await keepMarker(ports.coordination, { name: recoveryPoint, at: ports.clock.now().toISOString() })
  const { release } = await recordRelease(ports.coordination, {
    tag,
    environment: size.policy.environment,
    components: await settledVersions(deployments, components),
    health: await healthOf(deployments, components),
    recoveryPoint,
    actor: 'drill',
    recordedAt: ports.clock.now().toISOString(),
  })
  return release
}

export const portOf = ({ applications }: StandingWorld, name: string): number =>
  applications.find((application) => application.name === name)!.port

async function afterwards({ clock }: Pick<Ports, 'clock'>, seconds: number): Promise<Strike> {
  await clock.sleep(seconds * 1000)
  return now()
}

const secondsSince = (from: Strike, to: Strike): number => Number(to.ns - from.ns) / 1e9
