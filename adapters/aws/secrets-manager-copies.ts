import {
  DescribeSecretCommand,
  StopReplicationToReplicaCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { SecretCopies } from '../../core/ports/secret-copies'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/**
 * Copies of secrets in Secrets Manager, by what it tells of them: no value is read. A copy is let stand alone in its own
 * region, so that no other one has to answer.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html
 */
export class SecretsManagerCopies implements SecretCopies {
  constructor(
    private readonly client: (region: string) => SecretsManagerClient,
    private readonly names: readonly string[],
  ) {}

  async copiesIn(region: string): Promise<readonly string[]> {
    const told = await Promise.all(this.names.map((name) => this.isCopy(name, region).catch(unlessMissing)))
    return this.names.filter((_, i) => told[i])
  }

  async standAlone(region: string): Promise<readonly string[]> {
    const tried = await Promise.allSettled(this.names.map((name) => this.letStandAlone(name, region)))
    const failed = tried.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
    return this.names.filter((_, i) => (tried[i] as PromiseFulfilledResult<boolean>).value)
  }

  async differing(region: string, other: string): Promise<readonly string[]> {
    const same = await Promise.all(
      this.names.map(async (name) => {
        const [here, there] = await Promise.all([this.inForce(name, region), this.inForce(name, other)])
        return here !== undefined && here === there
      }),
    )
    return this.names.filter((_, i) => !same[i])
  }

  /** Whether it was a copy until now. */
  private async letStandAlone(name: string, region: string): Promise<boolean> {
    if (!(await this.isCopy(name, region))) return false
    const command = new StopReplicationToReplicaCommand({ SecretId: name })
    try {
      await asking(`letting '${name}' stand alone`, () => this.client(region).send(command, within(CALL_MS)))
    } catch (error) {
      // Somebody was quicker: it is no copy any more.
      if (!isException(error, 'InvalidRequest') || (await this.isCopy(name, region))) throw error
    }
    return true
  }

  private async isCopy(name: string, region: string): Promise<boolean> {
    const { PrimaryRegion = region } = await this.describe(name, region)
    return PrimaryRegion !== region
  }

  /** Undefined where the region has no such secret. */
  private async inForce(name: string, region: string): Promise<string | undefined> {
    const { VersionIdsToStages = {} } = (await this.describe(name, region).catch(unlessMissing)) ?? {}
    return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT'))?.[0]
  }

  private describe(name: string, region: string): Promise<DescribeSecretCommandOutput> {
    const command = new DescribeSecretCommand({ SecretId: name })
    return asking(`describing '${name}'`, () => this.client(region).send(command, within(CALL_MS)))
  }
}

function unlessMissing(error: unknown): undefined {
  if (!isException(error, 'ResourceNotFound')) throw error
}
