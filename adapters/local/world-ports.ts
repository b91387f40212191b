import type { Client } from 'pg'
import type { Ports } from '../../core/ports'
import type { ApplicationTier } from '../../core/ports/application-tier'
import { openCorrection } from '../../core/coordination/corrections'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import type { SecretCopies } from '../../core/ports/secret-copies'
import type { DataKeys } from '../../core/ports/data-keys'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import type { HealthSignal } from '../../core/ports/health'
import type { Reporter } from '../../core/ports/reporter'
import { readBaseline } from '../../core/readiness/baseline'
import type { Policy } from '../../core/policy'
import { withSession, type Login } from '../postgres/connect'
import { postgresSession } from '../postgres/database-session'
import type { TableBaseline } from '../postgres/fingerprint/baseline'
import { closeAndProve } from '../postgres/guard'
import type { ValidatedTables } from '../postgres/validation'
import type { Resolver } from './client-recipe'
import { systemClock } from './clock'
import type { IncidentResponsePorts } from './incident-response'
import { localInventory } from './inventory'
import { localLaterWrites } from './later-writes'
import { noAccount } from './no-account'
import { noDeployments } from './no-deployments'
import { find, reach, type ReachableInstance } from './reachable-instance'
import { storeTrafficSwitch } from './traffic-switch'

export type ControlPlane = Pick<Ports, 'zoneStandby' | 'restore' | 'copyRemoval'>

/** How the recovery region sees the world: every path that crosses a region can be cut. */
export interface Paths {
  readonly pace: Policy['pace']
  readonly tables: ValidatedTables
  /** Looked at anew with each call: instances come, move and go. */
  readonly instances: Iterable<ReachableInstance>
  /** What makes and moves instances. @default nothing can */
  readonly controlPlane?: ControlPlane
  readonly stores: { readonly recovery: ConditionalStore; readonly witness: ConditionalStore }
  /** Hold the key of patient data in the recovery region. */
  readonly keys: DataKeys
  readonly resolver: Resolver
  readonly application: ApplicationTier
  /** Secrets as each region holds them. */
  readonly secretCopies: SecretCopies
  /** Folder of the lists that are kept beside the evidence. */
  readonly artefacts: string
  /** What cuts an attacker off. */
  readonly incidentResponse: IncidentResponsePorts
  login(role: string): Login
  readonly fenceRole: string
  /** How long a session inside the own region may take; generous, because a wrong timeout here would stop a recovery. */
  readonly sessionDeadlineMs: number
  /** Opens sessions with the databases of this world, and refuses any other. */
  readonly withSession: typeof withSession
}

export function worldPorts(paths: Paths, evidence: EvidenceLog, reporter: Reporter): Ports {
  const fenceLogin = paths.login(paths.fenceRole)
  const session: Session = async (ref, work) =>
    paths.withSession(reach(paths.instances, ref).from[0], fenceLogin, paths.sessionDeadlineMs, work)
  const database = postgresSession({
    leaseMs: paths.pace.lease.durationSeconds * 1000,
    tables: paths.tables,
    baseline: async () => (await readBaseline(paths.stores.recovery)) as unknown as TableBaseline[] | undefined,
    openCorrection: (entry) => openCorrection(paths.stores.recovery, paths.keys, entry),
    withSession: session,
  })
  return {
    clock: systemClock,
    coordination: paths.stores,
    application: paths.application,
    secretCopies: paths.secretCopies,
    evidence,
    reporter,
    database,
    inventory: localInventory(paths.instances, {
      deadlineMs: paths.sessionDeadlineMs,
      // Who asks the control plane of a region waits for it, and not for a database that hangs.
      shortDeadlineMs: paths.pace.detection.probeTimeoutSeconds * 1000,
      withSession: (endpoint, deadlineMs, work) => paths.withSession(endpoint, fenceLogin, deadlineMs, work),
    }),
    promotion: {
      promote: (ref) =>
        session(ref, async (client) => {
          const { rows } = await client.query<{ r: boolean }>('select pg_is_in_recovery() as r')
          if (rows[0]!.r) await client.query('select pg_promote(false)')
        }),
    },
    ...(paths.controlPlane ?? NO_CONTROL_PLANE),
    laterWrites: localLaterWrites(paths.artefacts, paths.tables.all, session),
    ...paths.incidentResponse,
    ...noAccount,
    ...noDeployments,
    fence: {
      close: async (ref, { epoch }) => {
        const endpoint = find(paths.instances, ref)?.from[0]
        if (!endpoint) return { kind: 'unreachable' }
        const deadlineMs = paths.pace.fenceAttemptSeconds * 1000
        const tryWrite = (role: string) =>
          withSession(
            endpoint,
            paths.login(role),
            deadlineMs,
            async (client) => void (await client.query('update clinic.patients set phone = phone where false')),
          )
        try {
          return await paths.withSession(endpoint, fenceLogin, deadlineMs, (client) =>
            closeAndProve(client, epoch, tryWrite),
          )
        } catch (error) {
          if (error instanceof PortError && error.failure === 'unreachable') return { kind: 'unreachable' }
          throw error
        }
      },
    },
    health: {
      signals: async (primary, replica) =>
        Promise.all([
          healthCheckers(paths, reach(paths.instances, primary), fenceLogin),
          replicationReceiver(paths, reach(paths.instances, replica), fenceLogin),
        ]),
    },
    trafficSwitch: storeTrafficSwitch(
      paths.stores,
      paths.resolver,
      (name) => [...paths.instances].find(({ from }) => from[0].name === name)?.ref,
    ),
  }
}

type Session = <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>

/** A region without a control plane that could make or move instances. */
export const NO_CONTROL_PLANE: ControlPlane = {
  zoneStandby: { failOver: async ({ instance }) => notHere(`'${instance}' has no standby that could take over`) },
  restore: {
    window: async () => undefined,
    momentOf: async () => undefined,
    begin: async ({ instance }) => notHere(`'${instance}' keeps no history`),
  },
  copyRemoval: { remove: async ({ instance }) => notHere(`'${instance}' is no copy`) },
}

const notHere = (why: string): never => {
  throw new PortError('conflict', 'NOT_HERE', why)
}

/** Down only when the checkers of both places fail; one failed path is a network matter. */
async function healthCheckers(paths: Paths, { from }: ReachableInstance, login: Login): Promise<HealthSignal> {
  const deadlineMs = paths.pace.detection.probeTimeoutSeconds * 1000
  const probes = await Promise.allSettled(
    from.map((endpoint) => paths.withSession(endpoint, login, deadlineMs, (client) => client.query('select'))),
  )
  const verdict = probes.every((probe) => probe.status === 'rejected') ? 'down' : 'up'
  return { kind: 'health-checkers', verdict, observedAt: new Date().toISOString() }
}

/** The guard writes several times a second, so a receiver that hears nothing for a whole probe timeout is cut off. */
async function replicationReceiver(paths: Paths, { from }: ReachableInstance, login: Login): Promise<HealthSignal> {
  const observedAt = new Date().toISOString()
  const silentAfterMs = paths.pace.detection.probeTimeoutSeconds * 1000 + paths.pace.lease.renewEverySeconds * 1000
  try {
    const up = await paths.withSession(from[0], login, paths.sessionDeadlineMs, async (client) => {
      const { rows } = await client.query<{ up: boolean }>(
        `select coalesce((select status = 'streaming' and last_msg_receipt_time > clock_timestamp() - $1 * interval '1 ms' from pg_stat_wal_receiver), false) as up`,
        [silentAfterMs],
      )
      return rows[0]!.up
    })
    return { kind: 'replication-receiver', verdict: up ? 'up' : 'down', observedAt }
  } catch {
    return { kind: 'replication-receiver', verdict: 'unknown', observedAt }
  }
}
