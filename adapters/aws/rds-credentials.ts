import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import type { Credentials, Rotation } from '../../core/ports/credentials'
import type { InstanceRef } from '../../core/ports/database'
import { PortError } from '../../core/ports/errors'
import type { Login } from '../postgres/connect'
import { rolesToRotate, setPasswords, tryLogin, WRONG_PASSWORD, type LoginAnswer } from '../postgres/rotation'
import type { LoginSecrets } from './login-secrets'
import type { OwnDatabase } from './own-database'
import type { RdsChanges } from './rds-changes'

export interface CredentialSettings {
  readonly secrets: LoginSecrets
  /** Secret of the owner, whoever that is. @default none: the owner's password is told to nobody */
  readonly ownerSecret?: string
  /** A copy that a restore of ours has made, as it is reached. Undefined for anything else, whose secrets nobody touches here. */
  readonly find: (copy: InstanceRef) => Promise<OwnDatabase | undefined>
}

const SESSION_MS = 15_000
const LOGIN_MS = 5_000

/** Gives the login roles of a restored copy new secrets: their own through SQL, the owner's through RDS. */
export class RdsCredentials implements Credentials {
  constructor(
    private readonly changes: RdsChanges,
    private readonly settings: CredentialSettings,
  ) {}

  async rotate(ref: InstanceRef, { key }: { readonly key: string }): Promise<Rotation> {
    const database = await this.find(ref)
    const { MasterUsername: owner } = await this.changes.describe(ref)
    const { ownerSecret } = this.settings
    const secrets =
      owner !== undefined && ownerSecret !== undefined
        ? this.settings.secrets.with(owner, ownerSecret)
        : this.settings.secrets
    const roles = await database.session(ref, SESSION_MS, async (client) => {
      const byToken = await rolesByToken(client)
      return (await rolesToRotate(client)).filter((role) => !byToken.includes(role))
    })
    const fresh = new Map<string, string>()
    // Kept before the database knows them. A login that nobody declares gets one that nobody is told; the scan names it.
    for (const role of roles)
      fresh.set(role, secrets.has(role) ? await secrets.prepare(role, key) : randomBytes(24).toString('hex'))
    await database.session(ref, SESSION_MS, (client) =>
      setPasswords(client, new Map([...fresh].filter(([role]) => role !== owner))),
    )
    const ownersPassword = owner === undefined ? undefined : fresh.get(owner)
    if (owner !== undefined && ownersPassword !== undefined)
      await this.setOwnersPassword(ref, database, { user: owner, password: ownersPassword })
    for (const role of roles) if (secrets.has(role)) await secrets.publish(role, key)
    const stillAccepted: string[] = []
    for (const role of roles) if (!(await isDead(database, secrets, role, key))) stillAccepted.push(role)
    return { rotated: roles, stillAccepted }
  }

  /** RDS sets it in the background, so that a login tells when it is there. */
  private async setOwnersPassword(ref: InstanceRef, database: OwnDatabase, login: Login): Promise<void> {
    let asked = false
    await this.changes.until('ROTATION_UNDER_WAY', ref, async () => {
      if (!refuses(await tryLogin(database.endpoint, login, LOGIN_MS))) return true
      asked ||= await this.changes.modify(ref, { MasterUserPassword: login.password })
      return false
    })
  }

  private async find(ref: InstanceRef): Promise<OwnDatabase> {
    const found = await this.settings.find(ref)
    if (found) return found
    throw new PortError('denied', 'NOT_A_COPY', `'${ref.instance}' was not made by a restore of ours`)
  }
}

/** Roles that RDS lets in by a token of IAM and by nothing else: they have no secret that could be old. */
async function rolesByToken(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select m.rolname as name from pg_auth_members a join pg_roles m on m.oid = a.member
     join pg_roles g on g.oid = a.roleid where g.rolname = 'rds_iam'`,
  )
  return rows.map(({ name }) => name)
}

/**
 * Whether a server has refused the password itself. That a role may not log in, it says only to whoever has the right one;
 * only a wrong one, or that a token is asked for instead of it, proves that it is worth nothing.
 */
const refuses = ({ state, sentence }: LoginAnswer): boolean =>
  state === WRONG_PASSWORD || (state !== undefined && sentence.includes('PAM authentication failed'))

/** By the secret of before, and where none is known by one that never was: a server that takes any is caught by either. */
async function isDead(database: OwnDatabase, secrets: LoginSecrets, role: string, key: string): Promise<boolean> {
  const old = secrets.has(role) ? await secrets.before(role, key) : undefined
  const never = { user: role, password: randomBytes(24).toString('hex') }
  return refuses(await tryLogin(database.endpoint, old ?? never, LOGIN_MS))
}
