/** Who is told: a level of the escalation, or whoever answers for an activity. */
export type Audience = `level-${number}` | `owner-${string}`

export const levelAudience = (level: number): Audience => `level-${level}`
/** The audience of a role, such as `owner-compliance-officer`; fit for the name of a topic. */
export const ownerAudience = (role: string): Audience => `owner-${role.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`

/** What people are told: ids, codes and where to read on, never what happened to whom. */
export interface Notice {
  /** One line of at most 100 ASCII characters. */
  readonly subject: string
  readonly lines: readonly string[]
}

/** Tells people. Each call is one message; whoever must not tell twice remembers it. */
export interface Notifier {
  /** Throws PortError('invalid') for an audience that nobody stands behind. */
  notify(audience: Audience, notice: Notice): Promise<void>
}
