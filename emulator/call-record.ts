/** Which providers were called when: shows afterwards what a step really ran against. */
export class CallRecord {
  private readonly calls: { readonly atMs: number; readonly provider: string }[] = []

  /** The same port, every call of which is noted under the provider's name. */
  of<Port extends object>(provider: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown => {
          this.calls.push({ atMs: Date.now(), provider })
          return Reflect.apply(member, target, args)
        }
      },
    })
  }

  /** Providers called in a span of time, in the order of their first call. */
  between(startMs: number, endMs: number): string[] {
    const inside = this.calls.filter(({ atMs }) => atMs >= startMs && atMs <= endMs)
    return [...new Set(inside.map(({ provider }) => provider))]
  }
}
