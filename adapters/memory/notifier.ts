import { PortError } from '../../core/ports/errors'
import type { Audience, Notice, Notifier } from '../../core/ports/notifier'

/** Remembers what each audience was told, in order. */
export class MemoryNotifier implements Notifier {
  readonly told: { readonly audience: Audience; readonly notice: Notice }[] = []

  constructor(private readonly audiences: readonly Audience[]) {}

  async notify(audience: Audience, notice: Notice): Promise<void> {
    if (!this.audiences.includes(audience))
      throw new PortError('invalid', 'AUDIENCE_UNKNOWN', `nobody stands behind '${audience}'`)
    this.told.push({ audience, notice })
  }
}
