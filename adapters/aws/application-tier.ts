import { DescribeServicesCommand, UpdateServiceCommand, type ECSClient } from '@aws-sdk/client-ecs'
import { GetAliasCommand, UpdateAliasCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { ApplicationHook, ApplicationTier } from '../../core/ports/application-tier'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'
import { answersHealthy } from './function-health'
import { callFunction } from './lambda-call'

type Of<Kind extends ApplicationHook['kind']> = Extract<ApplicationHook, { readonly kind: Kind }>

/** Hooks over ECS and Lambda of the recovery region. Each looks before it changes, so that repeating changes nothing. */
export class AwsApplicationTier implements ApplicationTier {
  constructor(
    private readonly ecs: ECSClient,
    private readonly lambda: LambdaClient,
  ) {}

  async bringUp(hook: ApplicationHook, { key }: { readonly key: string }): Promise<void> {
    switch (hook.kind) {
      case 'scale-ecs-service':
        return this.scale(hook)
      case 'flip-deployment':
        return this.flip(hook)
      case 'invoke-function':
        await callFunction(this.lambda, hook.function, { action: 'bring-up', key }, CALL_MS)
    }
  }

  async healthy(hook: ApplicationHook): Promise<boolean> {
    switch (hook.kind) {
      case 'scale-ecs-service':
        return ((await this.service(hook)).runningCount ?? 0) >= hook.desiredCount
      case 'flip-deployment':
        return (await this.version(hook, hook.alias)) === (await this.version(hook, hook.toAlias))
      case 'invoke-function':
        return answersHealthy(this.lambda, hook.function)
    }
  }

  /** Never down: somebody may have scaled further by hand. */
  private async scale(hook: Of<'scale-ecs-service'>): Promise<void> {
    const { desiredCount = 0 } = await this.service(hook)
    if (desiredCount >= hook.desiredCount) return
    const { cluster, service } = hook
    const command = new UpdateServiceCommand({ cluster, service, desiredCount: hook.desiredCount })
    await asking(`scaling '${service}'`, () => this.ecs.send(command, within(CALL_MS)))
  }

  private async service({ cluster, service }: Of<'scale-ecs-service'>) {
    const command = new DescribeServicesCommand({ cluster, services: [service] })
    const { services } = await asking(`describing '${service}'`, () => this.ecs.send(command, within(CALL_MS)))
    const [found] = services ?? []
    if (found?.status === 'ACTIVE') return found
    throw new PortError('invalid', 'SERVICE_MISSING', `the service '${service}' of '${cluster}' does not exist`)
  }

  private async flip(hook: Of<'flip-deployment'>): Promise<void> {
    const wanted = await this.version(hook, hook.toAlias)
    if ((await this.version(hook, hook.alias)) === wanted) return
    const command = new UpdateAliasCommand({ FunctionName: hook.function, Name: hook.alias, FunctionVersion: wanted })
    await asking(`flipping '${hook.function}'`, () => this.lambda.send(command, within(CALL_MS)))
  }

  private async version(hook: Of<'flip-deployment'>, alias: string): Promise<string> {
    const command = new GetAliasCommand({ FunctionName: hook.function, Name: alias })
    const { FunctionVersion } = await asking(`reading the alias '${alias}'`, () =>
      this.lambda.send(command, within(CALL_MS)),
    )
    if (FunctionVersion) return FunctionVersion
    throw new PortError('invalid', 'ALIAS_EMPTY', `the alias '${alias}' of '${hook.function}' names no version`)
  }
}
