import type { DatabaseSession, InstanceRef, LedgerEntry } from '../../core/ports/database'

/** A node that is a replica at first, and what a test can do to it. */
export interface SessionStage {
  readonly session: DatabaseSession
  readonly node: InstanceRef
  /** Makes the node a writer and waits until it is one. */
  promote(): Promise<void>
  /** Whether an application that comes anew can write. */
  acceptsWrites(): Promise<boolean>
  /** Changes content behind everybody's back. */
  damage(): Promise<void> | void
  /** Until `heal`, the node does not answer. */
  cut(): void
  heal(): void
  remove(): Promise<void>
}

const EPOCH = 2
const entry = (sequence: number, kind: LedgerEntry['kind'], subjectId: string): LedgerEntry => ({
  sequence,
  kind,
  subjectId,
  acceptedAt: '2026-11-23T12:00:00.000Z',
})

/** What every database session must do, in the order in which a failover asks for it. */
export function describeDatabaseSession(name: string, factory: () => Promise<SessionStage> | SessionStage): void {
  const useStage = (): (() => SessionStage) => {
    let stage: SessionStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())
    return () => stage
  }

  describe(`database session: ${name}`, () => {
    describe('with a replica', () => {
      const stage = useStage()

      it('says that it replays, and how far it has heard', async () => {
        const { session, node } = stage()
        expect(await session.inRecovery(node)).toBe(true)
        const heartbeat = await session.lastHeartbeat(node)
        expect(heartbeat?.sequence).toBeGreaterThanOrEqual(0)
        expect(new Date(heartbeat!.at).toISOString()).toBe(heartbeat!.at)
      })

      it('cannot prove a write that is not possible', async () => {
        const { session, node } = stage()
        await expect(session.proveWrite(node, 'run-1/prove')).rejects.toMatchObject({ failure: 'conflict' })
      })

      it('refuses a node that does not exist', async () => {
        const { session, node } = stage()
        const stranger = { ...node, instance: 'no-such-instance' }
        await expect(session.inRecovery(stranger)).rejects.toMatchObject({ failure: 'invalid' })
        await expect(session.closeLogins(stranger)).rejects.toMatchObject({ failure: 'invalid' })
      })

      it('says unreachable when the node does not answer, and works afterwards', async () => {
        const { session, node, cut, heal } = stage()
        cut()
        try {
          await expect(session.inRecovery(node)).rejects.toMatchObject({ failure: 'unreachable' })
          await expect(session.openLogins(node, EPOCH)).rejects.toMatchObject({ failure: 'unreachable' })
        } finally {
          heal()
        }
        expect(await session.inRecovery(node)).toBe(true)
      }, 30_000)
    })

    describe('with what was promoted', () => {
      const stage = useStage()
      beforeAll(() => stage().promote(), 60_000)

      it('says that it does not replay any more', async () => {
        const { session, node } = stage()
        expect(await session.inRecovery(node)).toBe(false)
      })

      it('proves a write, also twice under the same key, and holds what it has written and no more', async () => {
        const { session, node } = stage()
        for (const { position } of [
          await session.proveWrite(node, 'run-1/prove'),
          await session.proveWrite(node, 'run-1/prove'),
        ]) {
          expect(position).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
          expect(await session.holdsUpTo(node, position)).toBe(true)
        }
        expect(await session.holdsUpTo(node, 'FFFF/0')).toBe(false)
      })

      it('closes the logins, opens them for the epoch, and does either as often as it is told', async () => {
        const { session, node, acceptsWrites } = stage()
        for (let time = 0; time < 2; time++) expect((await session.closeLogins(node)).roles).toContain('clinic_app')
        expect(await acceptsWrites()).toBe(false)
        for (let time = 0; time < 2; time++)
          expect((await session.openLogins(node, EPOCH)).roles).toContain('clinic_app')
        expect(await acceptsWrites()).toBe(true)
      })

      // One after the other: an erasure changes the content that is judged before it.
      it('calls intact content good, applies each ledger entry once, and calls damaged content bad', async () => {
        const { session, node, damage } = stage()
        expect(await session.validate(node)).toMatchObject({ verdict: 'pass' })
        const ledger = [entry(1, 'erasure', 'P000000001'), entry(2, 'consent-withdrawal', 'P000000001')]
        expect(await session.replayLedger(node, ledger)).toEqual({ applied: 2 })
        expect(await session.replayLedger(node, ledger)).toEqual({ applied: 0 })
        expect(await session.replayLedger(node, [...ledger, entry(3, 'erasure', 'P000000002')])).toEqual({ applied: 1 })
        await damage()
        const { verdict, checks } = await session.validate(node)
        expect(verdict).toBe('fail')
        expect(checks.some((check) => check.verdict === 'fail')).toBe(true)
      })
    })
  })
}
