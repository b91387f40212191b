import type { ElevatedSessions } from '../../core/ports/elevated-sessions'

/** What opens roles for one task, and what a test can see of it. */
export interface SessionsUnderTest {
  readonly sessions: ElevatedSessions
  /** A role that may be opened, and one that may not. */
  readonly openable: string
  readonly closed: string
  now(): Date
  /** Marks under which roles were really opened. */
  openedBy(): readonly string[]
}

/** What everything that opens roles must do, whether it opens them or rehearses it. */
export function describeElevatedSessions(name: string, make: () => SessionsUnderTest): void {
  describe(`elevated sessions: ${name}`, () => {
    const MINUTES = 30
    const ask = { person: 'a1b2c3d4e5f6', minutes: MINUTES }

    it('opens a role for as long as was asked, under the mark of the person', async () => {
      const { sessions, openable, now, openedBy } = make()
      const before = now().getTime()
      const { expiresAt } = await sessions.open({ ...ask, role: openable })
      const after = now().getTime()
      // AWS tells the end in whole seconds.
      expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(before + MINUTES * 60_000 - 1000)
      expect(Date.parse(expiresAt)).toBeLessThanOrEqual(after + MINUTES * 60_000 + 1000)
      expect(openedBy()).toHaveLength(1)
      expect(openedBy()[0]).toContain(ask.person)
    })

    it('opens no role that may not be opened this way', async () => {
      const { sessions, closed, openedBy } = make()
      await expect(sessions.open({ ...ask, role: closed })).rejects.toMatchObject({ failure: 'denied' })
      expect(openedBy()).toEqual([])
    })
  })
}
