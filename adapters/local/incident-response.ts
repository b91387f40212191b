import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import type { Ports } from '../../core/ports'
import type { InstanceRef } from '../../core/ports/database'
import { connect, destroy, sqlState, type Endpoint, type Login } from '../postgres/connect'
import { applyMeasures, scanCatalog, type KnownObjects } from '../postgres/hardening'
import { revokeCredentials } from '../postgres/revocation'
import { rolesToRotate, setPasswords, takesPassword } from '../postgres/rotation'
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
      revoke: (ref) => session(ref, revokeCredentials),
    },
    forensics: {
      preserve: (ref, { key }) =>
        keeping.ask(key, () =>
          keepOnce(world.kept, key, (target) => session(ref, (client) => copyServer(client, target))),
        ),
    },
    credentials: {
      rotate: async (ref, { key }) => {
        const roles = await session(ref, rolesToRotate)
        // Kept before the server knows them: a crash in between loses none.
        const fresh = await secrets.prepare(key, roles, () => randomBytes(24).toString('hex'))
        await session(ref, (client) => setPasswords(client, fresh))
        await secrets.publish(fresh)
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
 * Whether the server says that the password is wrong. It judges the password before it looks whether the role may log in at
 * all, so that no other refusal proves anything. A role that may do nothing but replicate is turned away before that, and
 * everybody while the network of a clean copy is closed: then what the server keeps of the password tells.
 */
async function isDead(world: IncidentResponseWorld, ref: InstanceRef, login: Login): Promise<boolean> {
  for (const kind of ['ordinary', 'replication'] as const) {
    const state = await refusalOf(world.endpointOf(ref), login, world.deadlineMs, kind)
    if (state !== NOT_ADMITTED) return state === WRONG_PASSWORD
  }
  return !(await world.session(ref, (client) => takesPassword(client, login)))
}

const WRONG_PASSWORD = '28P01'
const NOT_ADMITTED = '28000'

async function refusalOf(
  endpoint: Endpoint,
  login: Login,
  deadlineMs: number,
  kind: 'ordinary' | 'replication',
): Promise<string | undefined> {
  try {
    destroy(await connect(endpoint, login, deadlineMs, kind))
    return undefined
  } catch (error) {
    return sqlState(error)
  }
}
