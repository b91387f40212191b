import { readFileSync } from 'node:fs'
import { Signer } from '@aws-sdk/rds-signer'
import type { Client } from 'pg'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import { withSession, type Endpoint, type Login } from '../postgres/connect'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { setting, settingPairs, type AwsEnvironment } from './environment'

/** The one database instance a function stands next to. */
export interface OwnDatabase {
  readonly ref: InstanceRef
  readonly endpoint: Endpoint
  /** A fresh token for the role, signed here without a call; RDS accepts it for 15 minutes. */
  login(role: string): Promise<Login>
  /** Runs `work` in a session of the role (the fence role unless named), the whole under the deadline. */
  session<T>(ref: InstanceRef, deadlineMs: number, work: (client: Client) => Promise<T>, role?: string): Promise<T>
}

/** Reads the instance from the environment. `database` is the name of the database on it, from the policy. */
export function ownDatabase(environment: AwsEnvironment, region: string, database: string): OwnDatabase {
  const host = setting(environment, 'databaseHost')
  const port = Number(setting(environment, 'databasePort'))
  const ref = { region, instance: setting(environment, 'databaseInstance') }
  const authority = readFileSync(setting(environment, 'databaseAuthorities'), 'utf8')
  return databaseAt(ref, { name: host, host, port, database, authority }, signedLogin(host, port, region))
}

/** What takes the database that a request names. */
export type Sessions = Pick<OwnDatabase, 'session'>

/** Every declared instance of the own region. */
export function ownDatabases(environment: AwsEnvironment, region: string, database: string): readonly OwnDatabase[] {
  const authority = readFileSync(setting(environment, 'databaseAuthorities'), 'utf8')
  return [...settingPairs(environment, 'databases')].map(([instance, place]) => {
    const [host = '', port = ''] = place.split(':')
    return databaseAt(
      { region, instance },
      { name: host, host, port: Number(port), database, authority },
      signedLogin(host, Number(port), region),
    )
  })
}

/** Sessions with any of the databases, or one that `beyond` finds. Throws PortError('invalid') for every other one. */
export const sessionsWith = (
  databases: readonly OwnDatabase[],
  beyond: (asked: InstanceRef) => Promise<OwnDatabase | undefined> = async () => undefined,
): Sessions => ({
  session: async (asked, ...rest) => {
    const found = databases.find(({ ref }) => isSame(ref, asked)) ?? (await beyond(asked))
    if (!found) throw foreign(asked, databases.map(({ ref }) => `'${ref.instance}' in ${ref.region}`).join(', '))
    return found.session(asked, ...rest)
  },
})

/** Logins by a token that is signed for the endpoint, the role and the region. */
export const signedLogin =
  (host: string, port: number, region: string): OwnDatabase['login'] =>
  async (role) => {
    const signer = new Signer({ hostname: host, port, username: role, region })
    return { user: role, password: await signer.getAuthToken() }
  }

/** The same for an instance whose place and logins are known otherwise. */
export function databaseAt(ref: InstanceRef, endpoint: Endpoint, login: OwnDatabase['login']): OwnDatabase {
  return {
    ref,
    endpoint,
    login,
    session: async (asked, deadlineMs, work, role = FENCE_ROLE) => {
      requireOwn(ref, asked)
      return withSession(endpoint, await login(role), deadlineMs, work)
    },
  }
}

function requireOwn(own: InstanceRef, asked: InstanceRef): void {
  if (!isSame(own, asked)) throw foreign(asked, `'${own.instance}' in ${own.region}`)
}

const isSame = (one: InstanceRef, other: InstanceRef): boolean =>
  one.instance === other.instance && one.region === other.region

const foreign = ({ instance, region }: InstanceRef, own: string): PortError =>
  new PortError('invalid', 'INSTANCE_FOREIGN', `this function serves ${own}, not '${instance}' in ${region}`)
