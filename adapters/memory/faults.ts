import { PortError } from '../../core/ports/errors'

/**
 * What goes wrong with one call: nothing happens (`unreachable`, `throttled`, `denied`), or it happens and the answer
 * is lost (`lost-answer`). `crash` stands for the death of the calling process before or after the effect.
 */
export type Fault = 'unreachable' | 'throttled' | 'denied' | 'lost-answer' | 'crash-before' | 'crash-after'

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
  /** Decides the fault of each call, by its name and its number from 0. */
  faultOf: (call: string, index: number) => Fault | undefined = () => undefined

  private dead = false

  /** The port with every call recorded and exposed to faults. */
  watch<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property)
        if (typeof member !== 'function') return member
        const method = member as (...args: unknown[]) => unknown
        const call = `${name}.${String(property)}`
        if (ITERATED.has(String(property))) {
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
    const fault = this.faultOf(call, this.calls.length)
    this.calls.push(call)
    this.requests.push({ call, args: JSON.parse(JSON.stringify(args)) })
    this.dead = fault === 'crash-before' || fault === 'crash-after'
    if (fault === 'crash-before') throw new Crashed(call)
    if (fault === 'unreachable' || fault === 'throttled' || fault === 'denied') throw failure(fault, call)
    const result = await effect()
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

const failure = (kind: 'unreachable' | 'throttled' | 'denied', call: string): PortError =>
  new PortError(kind, `INJECTED_${kind.toUpperCase()}`, `'${call}' is made to fail`)
