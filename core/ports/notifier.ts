/** What people are told: ids, codes and where to read on, never what happened to whom. */
export interface Notice {
  /** One line of at most 100 ASCII characters. */
  readonly subject: string
  readonly lines: readonly string[]
}

/** Tells people. Each call is one message; whoever must not tell twice remembers it. */
export interface Notifier {
  /** Throws PortError('invalid') for a level that nobody stands behind. */
  notify(level: number, notice: Notice): Promise<void>
}
