import type { LambdaClient } from '@aws-sdk/client-lambda'
import * as z from 'zod/mini'
import { answered } from '../../core/access/answer'
import type { Json } from '../../core/json'
import type { ConfigurationRestores, RestoreCall } from '../../core/ports/configuration-restores'
import { askFunction } from './lambda-call'

const answerSchema = z.object({ status: z.number(), body: z.json() })

/** Asks the function of a region, which alone may read the copies there. */
export class LambdaConfigurationRestores implements ConfigurationRestores {
  constructor(
    private readonly clientOf: (region: 'primary' | 'recovery') => LambdaClient,
    private readonly name: string,
    private readonly deadlineMs: number,
  ) {}

  async ask(region: 'primary' | 'recovery', call: RestoreCall): Promise<Json> {
    return answered(await askFunction(this.clientOf(region), this.name, { ...call }, answerSchema, this.deadlineMs))
  }
}
