import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  UpdateAliasCommand,
  type GetAliasCommandOutput,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import type { Obstacle } from '../../../core/ports/deployments'
import { CALL_MS, within } from '../client-settings'
import { asking, isException } from '../failures'
import { answersHealthy } from '../function-health'
import { gone, unlessItFails, type Of, type PlaceOf } from './kind'

/**
 * Functions that are served by an alias: a published version never changes, and going back is the alias that names it
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html).
 */
export class FunctionAliases implements PlaceOf<'function'> {
  constructor(private readonly lambda: LambdaClient) {}

  async inForce(component: Of<'function'>): Promise<string | undefined> {
    const alias = await this.alias(component)
    if (!alias?.FunctionVersion) return undefined
    const shared = Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {})
    return [alias.FunctionVersion, ...shared].join(' and ')
  }

  async obstacle(component: Of<'function'>, to: string): Promise<Obstacle | undefined> {
    // What $LATEST held is overwritten by the next deployment.
    return /^\d+$/.test(to) && (await this.version(component, to)) ? undefined : gone(component, to)
  }

  async put(component: Of<'function'>, to: string): Promise<void> {
    const { function: name, alias } = component
    const held = await this.alias(component)
    const command = new UpdateAliasCommand({
      FunctionName: name,
      Name: alias,
      FunctionVersion: to,
      // No caller reaches the version that is left, also where it was given a share of the calls only.
      RoutingConfig: { AdditionalVersionWeights: {} },
      // What was read is what is changed, or nothing is.
      RevisionId: held?.RevisionId,
    })
    await asking(`moving the alias '${alias}' of '${name}'`, () => this.lambda.send(command, within(CALL_MS)))
  }

  async serves(component: Of<'function'>): Promise<boolean> {
    const version = (await this.alias(component))?.FunctionVersion
    const found = version === undefined ? undefined : await this.version(component, version)
    // One that was not called for a while is inactive, and is started again by a call.
    if (!found || (found.State !== 'Active' && found.State !== 'Inactive')) return false
    return unlessItFails(() => answersHealthy(this.lambda, `${component.function}:${component.alias}`))
  }

  private alias({ function: name, alias }: Of<'function'>): Promise<GetAliasCommandOutput | undefined> {
    const command = new GetAliasCommand({ FunctionName: name, Name: alias })
    return this.found(`reading the alias '${alias}' of '${name}'`, () => this.lambda.send(command, within(CALL_MS)))
  }

  private version({ function: name }: Of<'function'>, version: string) {
    const command = new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: version })
    return this.found(`reading '${name}' ${version}`, () => this.lambda.send(command, within(CALL_MS)))
  }

  private async found<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await asking(what, call)
    } catch (error) {
      if (isException(error, 'ResourceNotFound')) return undefined
      throw error
    }
  }
}
