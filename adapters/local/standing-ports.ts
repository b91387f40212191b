import type { Policy } from '../../core/policy'
import type { Ports } from '../../core/ports'
import { PortError } from '../../core/ports/errors'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import type { Reporter } from '../../core/ports/reporter'
import { APPLICATION_ROLES, CLINIC_TABLES } from '../postgres/clinic-schema'
import { withSession, type Login } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { LocalApplicationTier } from './application-tier'
import { STORE_DEADLINE_MS } from './ground'
import { localDeployments } from './deployments'
import type { IncidentResponsePorts } from './incident-response'
import { KeyWrapping } from './key-wrapping'
import { platformOf } from './platform'
import { standingLogin, storesOf, type StandingWorld } from './standing-world'
import { worldPorts } from './world-ports'
import { SUPERUSER } from './world-plan'

const SESSION_DEADLINE_MS = 50_000

/**
 * A standing world as another process reaches it: its databases over TLS, its stores over HTTP. Instances stay what they were
 * when the world was opened; what makes or moves them, or cuts people off, is left to the process that keeps the world.
 */
export async function standingPorts(
  world: StandingWorld,
  policy: Policy,
  evidence: EvidenceLog,
  reporter: Reporter,
  artefacts: string,
): Promise<Ports> {
  const logins = new Map<string, Login>()
  for (const role of [...APPLICATION_ROLES, SUPERUSER, FENCE_ROLE]) logins.set(role, await standingLogin(world, role))
  const ports = worldPorts(
    {
      pace: policy.rehearsal.pace,
      tables: { all: CLINIC_TABLES, unchanging: CLINIC_TABLES },
      instances: world.instances.map(({ region, instance, source, zone, endpoint }) => ({
        ref: { region, instance },
        from: [endpoint, endpoint],
        ...(source !== undefined && { source }),
        ...(zone !== undefined && { zone }),
        status: 'available',
      })),
      stores: storesOf(world),
      keys: await KeyWrapping.open(world.keyFile),
      resolver: { port: world.dnsPort, servedName: world.servedName, deadlineMs: STORE_DEADLINE_MS },
      secretCopies: { copiesIn: refusing, standAlone: refusing, differing: refusing },
      application: new LocalApplicationTier(async (name) => notHere(`'${name}' runs where the world is kept`)),
      artefacts,
      incidentResponse: NO_INCIDENT_RESPONSE,
      login: (role) => logins.get(role) ?? notHere(`no role '${role}' logs in here`),
      fenceRole: FENCE_ROLE,
      sessionDeadlineMs: SESSION_DEADLINE_MS,
      withSession,
    },
    evidence,
    reporter,
  )
  return { ...ports, deployments: localDeployments(platformOf(world)) }
}

const notHere = (why: string): never => {
  throw new PortError('conflict', 'NOT_HERE', why)
}

const refusing = async (): Promise<never> => notHere('only the process that keeps the world does that')

const NO_INCIDENT_RESPONSE: IncidentResponsePorts = {
  containment: { isolate: refusing, revoke: refusing },
  forensics: { preserve: refusing },
  credentials: { rotate: refusing },
  hardening: { apply: refusing, scan: refusing },
}
