import type { Clock } from '../ports/clock'
import type { Reporter } from '../ports/reporter'

/** Long enough to be read, short enough that nobody wonders. */
const EVERY_MS = 2_000

/** Says now and then how much of a stream has passed; of how much, where that is known. */
export async function* showing(
  stream: AsyncIterable<Uint8Array>,
  what: string,
  { clock, reporter }: { readonly clock: Clock; readonly reporter: Reporter },
  of?: number,
): AsyncIterable<Uint8Array> {
  let passed = 0
  let told = clock.monotonicMs()
  for await (const chunk of stream) {
    yield chunk
    passed += chunk.length
    if (clock.monotonicMs() - told < EVERY_MS) continue
    told = clock.monotonicMs()
    const share = of === undefined ? '' : `, ${Math.floor((100 * passed) / Math.max(of, 1))} %`
    reporter.emit({
      code: 'BACKUP_PROGRESS',
      text: `${what} ${Math.floor(passed / 1e6)} MB${share}`,
      data: { bytes: passed },
    })
  }
}
