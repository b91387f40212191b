import type { Clock } from '../ports/clock'
import type { Reporter } from '../ports/reporter'

/** Long enough to be read, short enough that nobody wonders. */
const EVERY_MS = 2_000

interface Telling {
  readonly clock: Clock
  readonly reporter: Reporter
}

/** Says now and then how much of some streams has passed, all of them together; of how much, where that is known. */
export class Progress {
  private passed = 0
  private told: number

  constructor(
    private readonly what: string,
    private readonly telling: Telling,
    private readonly whole?: number,
  ) {
    this.told = telling.clock.monotonicMs()
  }

  async *of(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of stream) {
      yield chunk
      this.passed += chunk.length
      this.tell()
    }
  }

  private tell(): void {
    const { clock, reporter } = this.telling
    if (clock.monotonicMs() - this.told < EVERY_MS) return
    this.told = clock.monotonicMs()
    const share = this.whole === undefined ? '' : `, ${Math.floor((100 * this.passed) / Math.max(this.whole, 1))} %`
    reporter.emit({
      code: 'BACKUP_PROGRESS',
      text: `${this.what} ${Math.floor(this.passed / 1e6)} MB${share}`,
      data: { bytes: this.passed },
    })
  }
}
