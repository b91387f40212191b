import { PortError } from '../../core/ports/errors'

/**
 * What goes wrong with one call: nothing happens (`unreachable`, `throttled`, `denied`, `disk-full`), it happens and the
 * answer is lost (`lost-answer`), it happens after its sender has given up (`late-effect`), or a list breaks off
 * (`partial-result`). `crash` stands for the death of the calling process before or after the effect.
 */
export type Fault = Refusal | 'lost-answer' | 'late-effect' | 'partial-result' | 'crash-before' | 'crash-after'

type Refusal = 'unreachable' | 'throttled' | 'denied' | 'disk-full'

/** The calling process died: whatever its code does about it, no call of it has an effect any more. */
export class Crashed extends Error {
  constructor(call: string) {
    super(`the driver died at '${call}'`)
    this.name = 'Crashed'
  }
}

/** Every call through a port, in order, and what goes wrong with which. */
export class Recorder {
  readonly calls: string[] = []
  /** The same calls with what they were given. */
  readonly requests: { readonly call: string; readonly args: unknown }[] = []
  /** Whether a call's request is kept; its name always is. */
  keepsRequest: (call: string) => boolean = () => true
  /** Decides the fault of each call, by its name and its number from 0; time may pass on the way. */
  faultOf: (call: string, index: number) => Fault | undefined | Promise<Fault | undefined> = () => undefined
  /** Keeps an effect whose message is still on its way, until it arrives. */
  arrivesLater: (effect: () => Promise<unknown>) => void = () => {}

  private dead = false

  /** The port with every call recorded and exposed to faults. */
  watch<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property)
        if (typeof member !== 'function') return member
        const method = member as (...args: unknown[]) => unknown
        const call = `${name}.${String(property)}`
        if (ITERATED.has(String(property)) && !AWAITED.has(call)) {
          // The fault shows at the first page.
          return (...args: unknown[]) =>
            this.pages(call, args, () => method.apply(target, args) as AsyncIterable<unknown>)
        }
        return (...args: unknown[]) => this.run(call, args, async () => method.apply(target, args))
      },
    })
  }

  /** A new process takes over from the one that died. */
  revive(): void {
    this.dead = false
  }

  private async run<T>(call: string, args: readonly unknown[], effect: () => Promise<T>): Promise<T> {
    if (this.dead) throw new Crashed(call)
    const index = this.calls.length
    this.calls.push(call)
    if (this.keepsRequest(call)) this.requests.push({ call, args: JSON.parse(JSON.stringify(args)) })
    const fault = await this.faultOf(call, index)
    // Another call of the same process may have been its death meanwhile.
    if (this.dead) throw new Crashed(call)
    this.dead = fault === 'crash-before' || fault === 'crash-after'
    if (fault === 'crash-before') throw new Crashed(call)
    if (fault !== undefined && isRefusal(fault)) throw failure(fault, call)
    if (fault === 'late-effect') {
      this.arrivesLater(effect)
      throw failure('unreachable', call)
    }
    const result = await effect()
    if (fault === 'partial-result') return partOf(result, call)
    if (fault === 'crash-after') throw new Crashed(call)
    if (fault === 'lost-answer') throw failure('unreachable', call)
    return result
  }

  private async *pages<T>(call: string, args: readonly unknown[], pages: () => AsyncIterable<T>): AsyncIterable<T> {
    yield* await this.run(call, args, async () => pages())
  }
}

/** Methods of ports whose answer is iterated, not awaited. */
const ITERATED = new Set(['list', 'staged'])
/** Of the same name, and awaited. */
const AWAITED = new Set(['laterWrites.list'])

const FAILURES = {
  unreachable: 'unreachable',
  throttled: 'throttled',
  denied: 'denied',
  // What a full disk comes to at a port: the database is not in the state to do it.
  'disk-full': 'conflict',
} as const

const isRefusal = (fault: Fault): fault is Refusal => fault in FAILURES

const failure = (kind: Refusal, call: string): PortError =>
  new PortError(FAILURES[kind], `INJECTED_${kind.toUpperCase().replace('-', '_')}`, `'${call}' is made to fail`)

/** What is left of an answer that breaks off: a list without its end, pages until the connection is lost. */
function partOf<T>(result: T, call: string): T {
  if (Array.isArray(result)) return result.slice(0, -1) as T
  return isPaged(result) ? (firstOf(result, call) as T) : result
}

const isPaged = (result: unknown): result is AsyncIterable<unknown> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result

async function* firstOf(pages: AsyncIterable<unknown>, call: string): AsyncGenerator {
  for await (const page of pages) {
    yield page
    break
  }
  throw failure('unreachable', call)
}
