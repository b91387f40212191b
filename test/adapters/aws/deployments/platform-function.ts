import * as z from 'zod/mini'

const call = z.discriminatedUnion('operation', [
  z.strictObject({ operation: z.literal('level') }),
  z.strictObject({ operation: z.literal('obstacle'), level: z.string() }),
  z.strictObject({ operation: z.literal('to'), level: z.string(), key: z.string() }),
  z.strictObject({ operation: z.literal('aside'), key: z.string() }),
])

/** The function of the platform that moves its schema, as docs/runbooks/releases.md asks for it. */
export class PlatformFunction {
  moves = 0
  ill = false
  private level: string
  private moving: { readonly to: string; readonly key: string } | undefined
  private written = 0
  private readonly aside = new Map<string, number>()
  private readonly taken = new Set<string>()

  constructor(
    private readonly levels: readonly string[],
    private readonly oneWay: { readonly irreversible: readonly string[] } = { irreversible: [] },
  ) {
    this.level = levels.at(-1) ?? ''
  }

  /** Rows that only the last level has a place for. */
  write(rows: number): number {
    this.written += rows
    return rows
  }

  settle(): void {
    if (!this.moving) return
    const { to, key } = this.moving
    this.moving = undefined
    if (this.levels.indexOf(to) < this.levels.indexOf(this.level)) this.aside.set(key, this.written)
    this.level = to
    this.moves += 1
  }

  answer(payload: unknown): unknown {
    const asked = call.parse(payload)
    switch (asked.operation) {
      case 'level':
        return { level: this.level, serves: !this.ill }
      case 'obstacle':
        return { obstacle: this.obstacle(asked.level) }
      case 'to':
        if (this.obstacle(asked.level)) return { accepted: false }
        if (!this.taken.has(asked.key)) this.moving = { to: asked.level, key: asked.key }
        this.taken.add(asked.key)
        return { accepted: true }
      case 'aside': {
        const rows = this.aside.get(asked.key) ?? 0
        return { aside: rows > 0 ? [{ table: 'clinic.notes', rows, how: 'kept', where: 'aside.notes' }] : [] }
      }
    }
  }

  private obstacle(to: string) {
    if (!this.levels.includes(to)) return { code: 'VERSION_GONE', what: to }
    const left = this.levels.slice(this.levels.indexOf(to) + 1, this.levels.indexOf(this.level) + 1)
    const what = left.find((one) => this.oneWay.irreversible.includes(one))
    return what === undefined ? null : { code: 'IRREVERSIBLE', what }
  }
}
