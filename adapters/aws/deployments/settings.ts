import * as z from 'zod/mini'
import type { ConfigurationRestores } from '../../../core/ports/configuration-restores'
import type { Obstacle } from '../../../core/ports/deployments'
import { PortError } from '../../../core/ports/errors'
import { gone, type Of, type PlaceOf } from './kind'

const inForceAnswer = z.object({ version: z.string(), settings: z.number() })
const heldAnswer = z.object({ held: z.boolean() })

/** All settings of the region as one, through the function which alone may read and restore them. */
export class ReleasedSettings implements PlaceOf<'configuration'> {
  constructor(
    private readonly restores: ConfigurationRestores,
    private readonly region: 'primary' | 'recovery',
  ) {}

  async inForce(): Promise<string> {
    return (await this.now()).version
  }

  async obstacle(component: Of<'configuration'>, to: string): Promise<Obstacle | undefined> {
    const { held } = told(heldAnswer, await this.restores.ask(this.region, { verb: 'released-held', version: to }))
    return held ? undefined : gone(component, to)
  }

  async put(_: Of<'configuration'>, to: string, { key }: { readonly key: string }): Promise<void> {
    await this.restores.ask(this.region, { verb: 'released-put-back', version: to, key })
  }

  /** An application without a single setting serves nobody. */
  async serves(): Promise<boolean> {
    return (await this.now()).settings > 0
  }

  async keep(): Promise<void> {
    await this.restores.ask(this.region, { verb: 'released-keep' })
  }

  private async now() {
    return told(inForceAnswer, await this.restores.ask(this.region, { verb: 'released-in-force' }))
  }
}

function told<T>(form: z.ZodMiniType<T>, answer: unknown): T {
  const parsed = z.safeParse(form, answer)
  if (parsed.success) return parsed.data
  throw new PortError('invalid', 'SETTINGS_ANSWER', 'the function that restores settings answers in another form')
}
