import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import {
  DeleteParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  type Parameter,
  type ParameterHistory,
  type SSMClient,
} from '@aws-sdk/client-ssm'
import type { Configuration, SecretReference, Setting } from '../../core/ports/configuration'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

const KIND_OF = { String: 'plain', StringList: 'list', SecureString: 'sealed' } as const
const TYPE_OF = { plain: 'String', list: 'StringList', sealed: 'SecureString' } as const

/** What of a region's Parameter Store and Secrets Manager is ours. */
export interface ConfigurationScope {
  /** Paths without a slash at the end. */
  readonly paths: readonly string[]
  readonly secrets: readonly string[]
  /** Key of sealed settings that are put. */
  readonly keyId: string
}

/** The settings below some paths of Parameter Store, and the versions in force of some secrets. */
export class ParameterStoreConfiguration implements Configuration {
  constructor(
    private readonly ssm: SSMClient,
    private readonly secretsManager: SecretsManagerClient,
    private readonly scope: ConfigurationScope,
  ) {}

  async *settings(): AsyncIterable<Setting> {
    const found: Setting[] = []
    for (const path of this.scope.paths) {
      let next: string | undefined
      do {
        const command = new GetParametersByPathCommand({
          Path: path,
          Recursive: true,
          WithDecryption: true,
          NextToken: next,
        })
        const page = await asking(`reading '${path}'`, () => this.ssm.send(command, within(CALL_MS)))
        found.push(...(page.Parameters ?? []).map(settingOf))
        next = page.NextToken
      } while (next !== undefined)
    }
    yield* found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }

  async *history(name: string): AsyncIterable<Setting> {
    let next: string | undefined
    do {
      const command = new GetParameterHistoryCommand({ Name: name, WithDecryption: true, NextToken: next })
      const page = await optional('ParameterNotFound', () =>
        asking(`reading the history of '${name}'`, () => this.ssm.send(command, within(CALL_MS))),
      )
      for (const version of page?.Parameters ?? []) yield settingOf(version)
      next = page?.NextToken
    } while (next !== undefined)
  }

  async *secrets(): AsyncIterable<SecretReference> {
    for (const name of this.scope.secrets) {
      const command = new DescribeSecretCommand({ SecretId: name })
      const secret = await optional('ResourceNotFound', () =>
        asking(`describing '${name}'`, () => this.secretsManager.send(command, within(CALL_MS))),
      )
      const current = Object.entries(secret?.VersionIdsToStages ?? {}).find(([, stages]) =>
        stages.includes('AWSCURRENT'),
      )
      if (current) yield { name, versionId: current[0] }
    }
  }

  async put({ name, kind, value }: Pick<Setting, 'name' | 'kind' | 'value'>): Promise<void> {
    const command = new PutParameterCommand({
      Name: name,
      Value: value,
      Type: TYPE_OF[kind],
      Overwrite: true,
      ...(kind === 'sealed' && { KeyId: this.scope.keyId }),
    })
    await asking(`putting '${name}'`, () => this.ssm.send(command, within(CALL_MS)))
  }

  async remove(name: string): Promise<void> {
    const command = new DeleteParameterCommand({ Name: name })
    await optional('ParameterNotFound', () =>
      asking(`removing '${name}'`, () => this.ssm.send(command, within(CALL_MS))),
    )
  }
}

function settingOf({ Name, Type, Value, Version, LastModifiedDate }: Parameter | ParameterHistory): Setting {
  if (!Name || !Type || Value === undefined || !Version || !LastModifiedDate)
    throw new PortError('unreachable', 'SSM_EMPTY_ANSWER', 'Parameter Store answered without a part of a parameter')
  return { name: Name, kind: KIND_OF[Type], value: Value, version: Version, modifiedAt: LastModifiedDate.toISOString() }
}

/** Undefined where AWS says that the thing does not exist. */
async function optional<T>(exception: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (isException(error, exception)) return undefined
    throw error
  }
}
