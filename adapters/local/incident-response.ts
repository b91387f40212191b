import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Endpoint, Login } from '../postgres/connect'
import { applyMeasures, scanCatalog, type KnownObjects } from '../postgres/hardening'
import { revokeCredentials } from '../postgres/revocation'
import {
  NOT_ADMITTED,
  rolesToRotate,
  setPasswords,
  takesPassword,
  tryLogin,
  WRONG_PASSWORD,
} from '../postgres/rotation'
import { keepOnce, KeptMeanwhile } from './forensic-copies'
import { isolateServer } from './isolation'
import type { SecretStore } from './secret-store'
import { copyServer } from './server-copy'

export type IncidentResponsePorts = Pick<Ports, 'containment' | 'forensics' | 'credentials' | 'hardening'>

export interface IncidentResponseWorld {
  /** A session of the fence role with an instance. */
  readonly session: <T>(ref: InstanceRef, work: (client: Client) => Promise<T>) => Promise<T>
  readonly secrets: SecretStore
  /** Where an instance is reached now. */
  endpointOf(ref: InstanceRef): Endpoint
  readonly deadlineMs: number
  readonly known: KnownObjects
  /** Folder of the forensic copies; outside of every place that an attack reaches. */
  readonly kept: string
}

/** The ports that cut an attacker off, on the servers of this machine. */
export function incidentResponse(world: IncidentResponseWorld): IncidentResponsePorts {
  const { session, secrets } = world
  const keeping = new KeptMeanwhile()
  return {
    containment: {
      isolate: async (ref) => ({ connectionsEnded: await session(ref, isolateServer) }),
      revoke: async (ref) => {
        const { beyond, ...revoked } = await session(ref, revokeCredentials)
        if (beyond.length === 0) return revoked
        throw new PortError('conflict', 'CREDENTIAL_ALIVE', `the fence role may not close ${beyond.join(', ')}`)
      },
    },
    forensics: {
      preserve: (ref, { key }) =>
        keeping.ask(key, () =>
          keepOnce(world.kept, key, (target) =>
            session(ref, async (client) => void (await copyServer(client, target))),
          ),
        ),
    },
    credentials: {
      rotate: async (ref, { key }) => {
        const roles = await session(ref, rolesToRotate)
        // Kept before the server knows them: a crash in between loses none.
        const fresh = await secrets.prepare(key, roles, () => randomBytes(24).toString('hex'))
        await session(ref, (client) => setPasswords(client, fresh))
        await secrets.publish(ref.region, fresh)
        const stillAccepted: string[] = []
        for (const role of roles)
          for (const login of secrets.old(role)) if (!(await isDead(world, ref, login))) stillAccepted.push(role)
        return { rotated: roles, stillAccepted: [...new Set(stillAccepted)] }
      },
    },
    hardening: {
      apply: (ref, measures) => session(ref, (client) => applyMeasures(client, measures)),
      scan: (ref, measures) => session(ref, (client) => scanCatalog(client, measures, world.known)),
    },
  }
}

/**
 * Whether the server says that the password is wrong. No other refusal proves anything: a role that may do nothing but
 * replicate is turned away before its password is judged, and everybody while the network of a clean copy is closed. Then
 * what the server keeps of the password tells.
 */
async function isDead(world: IncidentResponseWorld, ref: InstanceRef, login: Login): Promise<boolean> {
  for (const kind of ['ordinary', 'replication'] as const) {
    const { state } = await tryLogin(world.endpointOf(ref), login, world.deadlineMs, kind)
    if (state !== NOT_ADMITTED) return state === WRONG_PASSWORD
  }
  return !(await world.session(ref, (client) => takesPassword(client, login)))
}
