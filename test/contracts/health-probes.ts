import type { InstanceRef } from '../../core/ports/database'
import { isPortError } from '../../core/ports/errors'
import type { HealthProbes } from '../../core/ports/health-probes'

/** A platform that is well: a writer and its replica, a page, a name and a certificate, and what a test can do to them. */
export interface HealthProbesStage {
  readonly probes: HealthProbes
  /** Served name of the database, and what it leads to. */
  readonly name: string
  readonly target: string
  /** Whose certificate is looked at; nobody answers for `stranger`. */
  readonly subject: string
  readonly stranger: string
  readonly writer: InstanceRef
  readonly replica: InstanceRef
  page(is: 'well' | 'ill' | 'silent'): Promise<void> | void
  /** The writer takes no session until it is brought back. */
  loseWriter(): Promise<void> | void
  bringBackWriter(): Promise<void> | void
  /** A daily look at the backups ends. */
  lookAtBackups(outcome: 'succeeded' | 'failed'): Promise<void>
  remove(): Promise<void> | void
}

/** What probes must see, whatever they look at. */
export function describeHealthProbes(
  name: string,
  factory: () => Promise<HealthProbesStage> | HealthProbesStage,
): void {
  describe(`health probes: ${name}`, () => {
    let stage: HealthProbesStage
    beforeAll(async () => {
      stage = await factory()
    }, 120_000)
    afterAll(() => stage?.remove(), 60_000)

    it('tell how the page answers, and that one which does not is no error', async () => {
      expect(await stage.probes.page()).toEqual({ answered: true, status: 200, milliseconds: expect.any(Number) })
      await stage.page('ill')
      expect(await stage.probes.page()).toMatchObject({ answered: true, status: 503 })
      await stage.page('silent')
      expect(await stage.probes.page()).toEqual({ answered: false, code: expect.stringMatching(/^[A-Z][A-Z0-9_]+$/) })
      await stage.page('well')
      expect(await stage.probes.page()).toMatchObject({ answered: true, status: 200 })
    }, 60_000)

    it('tell where the name leads, and nothing of one that nobody has', async () => {
      expect(await stage.probes.name(stage.name)).toMatchObject({ target: stage.target })
      expect(await stage.probes.name(`other.${stage.name}`)).toBeUndefined()
    }, 30_000)

    it('shake hands: chain, name, date, and every version that is agreed to', async () => {
      const seen = await stage.probes.handshake(stage.subject)
      expect(seen).toMatchObject({ trusted: true, named: true, accepts: ['TLSv1.3'] })
      expect(Date.parse(seen.validUntil)).toBeGreaterThan(Date.now())
      const thrown = await stage.probes.handshake(stage.stranger).catch((error: unknown) => error)
      expect(isPortError(thrown)).toBe(true)
    }, 60_000)

    it('see a writer commit and a replica follow, each with its heartbeat, again and again', async () => {
      for (let look = 0; look < 2; look += 1) {
        const [writer, replica] = await Promise.all(
          [stage.writer, stage.replica].map((ref) => stage.probes.database(ref)),
        )
        expect(writer).toEqual({ reads: true, replica: false, writes: true, heartbeatAt: expect.any(String) })
        expect(replica).toEqual({ reads: true, replica: true, receives: 'up', heartbeatAt: expect.any(String) })
      }
    }, 60_000)

    it('see a database that takes no session, and see it back', async () => {
      await stage.loseWriter()
      expect(await stage.probes.database(stage.writer)).toEqual({ reads: false, code: expect.any(String) })
      await stage.bringBackWriter()
      expect(await stage.probes.database(stage.writer)).toMatchObject({ reads: true })
    }, 60_000)

    it('tell how often clients were answered', async () => {
      const seen = await stage.probes.attempts()
      expect(seen?.asked).toBeGreaterThan(0)
      expect(seen?.answered).toBe(seen?.asked)
    }, 60_000)

    it('tell how the newest daily look at the backups ended', async () => {
      expect(await stage.probes.backups()).toBeUndefined()
      for (const outcome of ['failed', 'succeeded'] as const) {
        await stage.lookAtBackups(outcome)
        expect(await stage.probes.backups()).toEqual({ outcome, finishedAt: expect.any(String) })
      }
    }, 30_000)
  })
}
