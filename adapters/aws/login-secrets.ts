import { createHash, randomBytes } from 'node:crypto'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  StopReplicationToReplicaCommand,
  UpdateSecretVersionStageCommand,
  type DescribeSecretCommandOutput,
  type GetSecretValueCommandInput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import { PortError } from '../../core/ports/errors'
import type { Login } from '../postgres/connect'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** What a secret of a login holds: the form that RDS and its clients agree on, as far as it is used; other fields stay. */
const loginSecret = z.looseObject({ username: z.string(), password: z.string() })

/**
 * Secrets of login roles in Secrets Manager. A rotation is one version of each secret, named after its key: it is made and
 * kept first, put in force once the database knows it, and found again by whoever goes on after a crash.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export class LoginSecrets {
  constructor(
    private readonly client: SecretsManagerClient,
    private readonly region: string,
    /** Name of the secret of each role that has one. */
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  /** The same, with the secret of one more role. */
  with(role: string, name: string): LoginSecrets {
    return new LoginSecrets(this.client, this.region, new Map([...this.names, [role, name]]))
  }

  has(role: string): boolean {
    return this.names.has(role)
  }

  /** The password of the rotation under this key: the one that was made for it already, or a new one that nobody uses yet. */
  async prepare(role: string, key: string): Promise<string> {
    const VersionId = versionOf(role, key)
    const made = await this.read(role, { VersionId })
    if (made) return made.password
    await this.standAlone(role)
    const password = randomBytes(24).toString('hex')
    const current = await this.read(role, { VersionStage: 'AWSCURRENT' })
    const command = new PutSecretValueCommand({
      SecretId: this.nameOf(role),
      ClientRequestToken: VersionId,
      SecretString: JSON.stringify({ ...current?.rest, username: role, password }),
      VersionStages: ['AWSPENDING'],
    })
    try {
      await asking(`preparing the secret of '${role}'`, () => this.client.send(command, within(CALL_MS)))
      return password
    } catch (error) {
      if (!isException(error, 'ResourceExists')) throw error
      // Somebody was quicker under the same key: his is the one.
      const theirs = await this.read(role, { VersionId })
      if (theirs) return theirs.password
      throw error
    }
  }

  /** Puts the version of the key in force. The same again changes nothing. */
  async publish(role: string, key: string): Promise<void> {
    const wanted = versionOf(role, key)
    const current = await this.versionIn(role, 'AWSCURRENT')
    if (current === wanted) return
    const command = new UpdateSecretVersionStageCommand({
      SecretId: this.nameOf(role),
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: wanted,
      ...(current && { RemoveFromVersionId: current }),
    })
    await asking(`publishing the secret of '${role}'`, () => this.client.send(command, within(CALL_MS)))
  }

  /** What let the role in before the version of the key came in force; undefined where nothing is known of it. */
  async before(role: string, key: string): Promise<Login | undefined> {
    const isPublished = (await this.versionIn(role, 'AWSCURRENT')) === versionOf(role, key)
    const held = await this.read(role, { VersionStage: isPublished ? 'AWSPREVIOUS' : 'AWSCURRENT' })
    return held && { user: role, password: held.password }
  }

  /**
   * After a failover the secret here is a replica of the region that was lost, and takes no change before it stands alone.
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/standalone-secret.html
   */
  private async standAlone(role: string): Promise<void> {
    const { PrimaryRegion = this.region } = await this.describe(role)
    if (PrimaryRegion === this.region) return
    const command = new StopReplicationToReplicaCommand({ SecretId: this.nameOf(role) })
    await asking(`making the secret of '${role}' stand alone`, () => this.client.send(command, within(CALL_MS)))
  }

  private describe(role: string): Promise<DescribeSecretCommandOutput> {
    const command = new DescribeSecretCommand({ SecretId: this.nameOf(role) })
    return asking(`describing the secret of '${role}'`, () => this.client.send(command, within(CALL_MS)))
  }

  private async versionIn(role: string, stage: string): Promise<string | undefined> {
    const { VersionIdsToStages = {} } = await this.describe(role)
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0]
  }

  private async read(
    role: string,
    version: Pick<GetSecretValueCommandInput, 'VersionId' | 'VersionStage'>,
  ): Promise<{ readonly password: string; readonly rest: object } | undefined> {
    const command = new GetSecretValueCommand({ SecretId: this.nameOf(role), ...version })
    try {
      const { SecretString = '' } = await asking(`reading the secret of '${role}'`, () =>
        this.client.send(command, within(CALL_MS)),
      )
      return contentOf(SecretString)
    } catch (error) {
      if (isException(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }

  private nameOf(role: string): string {
    const name = this.names.get(role)
    if (name) return name
    throw new PortError('invalid', 'SECRET_UNKNOWN', `no secret is declared for '${role}'`)
  }
}

/** A secret that its owner has not filled yet holds nothing but a random text. */
function contentOf(text: string): { readonly password: string; readonly rest: object } {
  const parsed = loginSecret.safeParse(jsonOf(text))
  if (!parsed.success) return { password: text, rest: {} }
  const { password, ...rest } = parsed.data
  return { password, rest }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** 32 to 64 characters (API reference, PutSecretValue). */
const versionOf = (role: string, key: string): string => createHash('sha256').update(`${key}/${role}`).digest('hex')
