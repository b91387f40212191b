import type { DatabaseSession, InstanceRef, LedgerEntry } from '../../core/ports/database'

interface Person {
  readonly erased: boolean
  readonly blocked: boolean
  readonly openConsents: number
  readonly phone: string | null
}

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
  /** What the node holds of a person. */
  person(code: string): Promise<Person> | Person
  /** Keeps the sealed fields of a correction where the session looks for them; gives the hash that its entry names. */
  keepCorrection(id: string, fields: { readonly phone: string }): Promise<string>
  /** Until the function it gives is called, nothing that is written about the person lasts. */
  defy(code: string): Promise<() => Promise<void>>
  /** Whether the role can log in to the node. */
  mayLogIn(role: string): Promise<boolean>
  /** Until `heal`, the node does not answer. */
  cut(): void
  heal(): void
  remove(): Promise<void>
}

const EPOCH = 2
const entry = (sequence: number, kind: LedgerEntry['kind'], subjectId: string, payloadHash?: string): LedgerEntry => ({
  sequence,
  id: `request-${sequence}`,
  kind,
  subjectId,
  acceptedAt: '2026-11-23T12:00:00.000Z',
  ...(payloadHash && { payloadHash }),
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
        const replay = (entries: readonly LedgerEntry[]) => session.replayLedger(node, { entries, head: 3 })
        expect(await replay(ledger)).toEqual({ applied: 2, residue: 0 })
        expect(await replay(ledger)).toEqual({ applied: 0, residue: 0 })
        expect(await replay([...ledger, entry(3, 'erasure', 'P000000002')])).toEqual({ applied: 1, residue: 0 })
        await damage()
        const { verdict, checks } = await session.validate(node)
        expect(verdict).toBe('fail')
        expect(checks.some((check) => check.verdict === 'fail')).toBe(true)
      })
    })

    describe('with what was promoted, and a ledger', () => {
      const stage = useStage()
      beforeAll(() => stage().promote(), 60_000)
      // Far beyond every entry but the last.
      const head = 99

      it('erases, blocks, withdraws and corrects what the entries are about, and nobody else', async () => {
        const { session, node, person, keepCorrection } = stage()
        const payloadHash = await keepCorrection('request-5', { phone: '+55 11 99999999' })
        const entries = [
          entry(1, 'erasure', 'P000000001'),
          entry(2, 'consent-withdrawal', 'P000000001'),
          entry(4, 'block', 'P000000003'),
          entry(5, 'correction', 'P000000004', payloadHash),
        ]
        expect(await session.replayLedger(node, { entries, head })).toEqual({ applied: 4, residue: 0 })
        expect(await person('P000000001')).toMatchObject({ erased: true, phone: null, openConsents: 0 })
        expect(await person('P000000003')).toMatchObject({ erased: false, blocked: true, openConsents: 1 })
        expect(await person('P000000004')).toMatchObject({ blocked: false, phone: '+55 11 99999999' })
        expect(await person('P000000005')).toMatchObject({ erased: false, blocked: false, openConsents: 1 })
      })

      it('applies nothing where the fields of a correction are gone', async () => {
        const { session, node, person } = stage()
        const entries = [entry(6, 'block', 'P000000007'), entry(7, 'correction', 'P000000004', 'f'.repeat(64))]
        await expect(session.replayLedger(node, { entries, head })).rejects.toMatchObject({
          failure: 'conflict',
          code: 'CORRECTION_MISSING',
        })
        expect(await person('P000000007')).toMatchObject({ blocked: false })
      })

      it('keeps nothing of a replay that leaves a residue, and all of it once there is none', async () => {
        const { session, node, person, defy } = stage()
        const entries = [entry(8, 'block', 'P000000008'), entry(9, 'erasure', 'P000000009')]
        const replay = () => session.replayLedger(node, { entries, head })
        const obey = await defy('P000000009')
        expect(await replay()).toEqual({ applied: 0, residue: 1 })
        expect(await person('P000000008')).toMatchObject({ blocked: false })
        await obey()
        expect(await replay()).toEqual({ applied: 2, residue: 0 })
        expect(await person('P000000008')).toMatchObject({ blocked: true })
      })

      it('refuses a ledger that ends before what the node was given', async () => {
        const { session, node } = stage()
        await session.replayLedger(node, { entries: [entry(head, 'block', 'P000000006')], head })
        await expect(session.replayLedger(node, { entries: [], head: head - 1 })).rejects.toMatchObject({
          failure: 'conflict',
          code: 'LEDGER_BEHIND',
        })
      })

      it('opens the logins without the one that was revoked', async () => {
        const { session, node, mayLogIn } = stage()
        await session.closeLogins(node)
        const entries = [entry(10, 'access-revocation', 'clinic_reporting'), entry(11, 'access-revocation', 'nobody')]
        expect(await session.replayLedger(node, { entries, head })).toEqual({ applied: 2, residue: 0 })
        const { roles } = await session.openLogins(node, EPOCH)
        expect(roles).toContain('clinic_app')
        expect(roles).not.toContain('clinic_reporting')
        expect([await mayLogIn('clinic_app'), await mayLogIn('clinic_reporting')]).toEqual([true, false])
      })
    })
  })
}
