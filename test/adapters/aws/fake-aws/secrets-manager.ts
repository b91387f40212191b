import { json, type Answer, type Call, type Service } from './wire'

interface Version {
  readonly text: string
  readonly stages: Set<string>
}

/** A secret with its versions by their ids; a replica takes no change before it stands alone. */
export interface FakeSecret {
  readonly versions: Map<string, Version>
  /** Region of the original. @default it is one itself */
  replicaOf?: string
}

/** Secrets by name with the versions they have had, the last one in force; and what some of them hold. */
export class FakeSecretsManager implements Service {
  readonly secrets = new Map<string, string[]>()
  readonly values = new Map<string, string>()
  /** Whole secrets, by `region/name`. */
  readonly held = new Map<string, FakeSecret>()

  action = ({ headers }: Omit<Call, 'action'>) => `secretsmanager:${headers['x-amz-target']?.split('.')[1] ?? ''}`

  error = (code: string, status = 400) => json({ __type: code, message: code }, status)

  /** A secret whose one version is in force. */
  hold(name: string, text: string): FakeSecret {
    const secret: FakeSecret = { versions: new Map([['first', { text, stages: new Set(['AWSCURRENT']) }]]) }
    this.held.set(name, secret)
    return secret
  }

  answer(call: Call): Answer {
    const asked = JSON.parse(call.body) as Asked
    const { SecretId } = asked
    const held = this.held.get(`${call.region}/${SecretId}`)
    if (held) {
      const answer = this.ofHeld(call.action, held, asked)
      this.replicate(call.region, SecretId, held)
      return answer
    }
    const { action } = call
    const value = this.values.get(SecretId)
    if (action === 'secretsmanager:GetSecretValue')
      return value === undefined ? this.error('ResourceNotFoundException') : json({ SecretString: value })
    const versions = this.secrets.get(SecretId)
    if (!versions) return this.error('ResourceNotFoundException')
    if (action !== 'secretsmanager:DescribeSecret') return this.error('InvalidAction')
    const [current, previous] = versions.toReversed()
    return json({
      Name: SecretId,
      VersionIdsToStages: {
        ...(previous !== undefined && { [previous]: ['AWSPREVIOUS'] }),
        ...(current !== undefined && { [current]: ['AWSCURRENT'] }),
      },
    })
  }

  /** Copies have the versions of their original, under the same ids. */
  private replicate(region: string, name: string, original: FakeSecret): void {
    if (original.replicaOf) return
    for (const [key, copy] of this.held)
      if (copy.replicaOf === region && key.endsWith(`/${name}`)) {
        copy.versions.clear()
        for (const [id, { text, stages }] of original.versions) copy.versions.set(id, { text, stages: new Set(stages) })
      }
  }

  private ofHeld(action: string, secret: FakeSecret, asked: Asked): Answer {
    switch (action) {
      case 'secretsmanager:GetSecretValue': {
        const { VersionId, VersionStage = 'AWSCURRENT' } = asked
        const found = VersionId === undefined ? bearing(secret, VersionStage) : VersionId
        const version = found === undefined ? undefined : secret.versions.get(found)
        return version
          ? json({ VersionId: found, SecretString: version.text, VersionStages: [...version.stages] })
          : this.error('ResourceNotFoundException')
      }
      case 'secretsmanager:DescribeSecret':
        return json({
          Name: asked.SecretId,
          ...(secret.replicaOf && { PrimaryRegion: secret.replicaOf }),
          // Versions without a label are not told.
          VersionIdsToStages: Object.fromEntries(
            [...secret.versions].flatMap(([id, { stages }]) => (stages.size > 0 ? [[id, [...stages]]] : [])),
          ),
        })
      case 'secretsmanager:StopReplicationToReplica':
        if (!secret.replicaOf) return this.error('InvalidRequestException')
        delete secret.replicaOf
        return json({})
      case 'secretsmanager:PutSecretValue':
        return this.put(secret, asked)
      case 'secretsmanager:UpdateSecretVersionStage':
        return this.move(secret, asked)
      default:
        return this.error('InvalidAction')
    }
  }

  private put(secret: FakeSecret, { ClientRequestToken = '', SecretString = '', VersionStages }: Asked): Answer {
    if (secret.replicaOf) return this.error('InvalidRequestException')
    if (ClientRequestToken.length < 32 || ClientRequestToken.length > 64) return this.error('InvalidParameterException')
    const existing = secret.versions.get(ClientRequestToken)
    if (existing) return existing.text === SecretString ? json({}) : this.error('ResourceExistsException')
    secret.versions.set(ClientRequestToken, { text: SecretString, stages: new Set() })
    for (const stage of VersionStages ?? ['AWSCURRENT']) label(secret, stage, ClientRequestToken)
    return json({ VersionId: ClientRequestToken })
  }

  /** A label that some version bears is moved from that one and no other, which has to be named. */
  private move(secret: FakeSecret, { VersionStage = '', MoveToVersionId = '', RemoveFromVersionId }: Asked): Answer {
    if (secret.replicaOf) return this.error('InvalidRequestException')
    if (!secret.versions.has(MoveToVersionId)) return this.error('ResourceNotFoundException')
    if (bearing(secret, VersionStage) !== RemoveFromVersionId) return this.error('InvalidParameterException')
    label(secret, VersionStage, MoveToVersionId)
    return json({})
  }
}

interface Asked {
  readonly SecretId: string
  readonly VersionId?: string
  readonly VersionStage?: string
  readonly ClientRequestToken?: string
  readonly SecretString?: string
  readonly VersionStages?: readonly string[]
  readonly MoveToVersionId?: string
  readonly RemoveFromVersionId?: string
}

const bearing = ({ versions }: FakeSecret, stage: string): string | undefined =>
  [...versions].find(([, { stages }]) => stages.has(stage))?.[0]

/** The version that was in force keeps the label of the one before. */
function label(secret: FakeSecret, stage: string, to: string): void {
  const from = bearing(secret, stage)
  if (from === to) return
  if (from !== undefined) {
    secret.versions.get(from)!.stages.delete(stage)
    if (stage === 'AWSCURRENT') label(secret, 'AWSPREVIOUS', from)
  }
  secret.versions.get(to)!.stages.add(stage)
}
