import { PortError } from '../../core/ports/errors'
import type { Notice, Notifier } from '../../core/ports/notifier'

/** Remembers what each level was told, in order. */
export class MemoryNotifier implements Notifier {
  readonly told: { readonly level: number; readonly notice: Notice }[] = []

  constructor(private readonly levels: readonly number[]) {}

  async notify(level: number, notice: Notice): Promise<void> {
    if (!this.levels.includes(level))
      throw new PortError('invalid', 'LEVEL_UNKNOWN', `nobody stands behind level ${level} of the escalation`)
    this.told.push({ level, notice })
  }
}
