import { setTimeout as sleep } from 'node:timers/promises'
import type { InstanceRef } from '../../core/ports/database'
import type { Health, HealthSignal } from '../../core/ports/health'

/** A primary that is well, its replica, and what a test can do to them. */
export interface HealthStage {
  readonly health: Health
  readonly primary: InstanceRef
  readonly replica: InstanceRef
  /** The primary is away for everybody, until `recover`. */
  lose(): Promise<void> | void
  recover(): Promise<void> | void
  /** The replica cannot be asked what its receiver hears, until `recover`. */
  blind(): Promise<void> | void
  remove(): Promise<void>
}

/** Longest a real observer takes to change its mind. */
const CHANGES_MS = 20_000
/** A machine that was busy for all that time has not looked once: what counts is that somebody looked. */
const LEAST_LOOKS = 10

/** What every health port must do, whatever looks for it. */
export function describeHealth(name: string, factory: () => Promise<HealthStage> | HealthStage): void {
  describe(`health: ${name}`, () => {
    let stage: HealthStage
    beforeAll(async () => {
      stage = await factory()
    }, 60_000)
    afterAll(() => stage?.remove())
    beforeEach(async () => {
      await stage.recover()
      await until({ 'health-checkers': 'up', 'replication-receiver': 'up' })
    }, 90_000)

    const verdicts = async () => {
      const signals = await stage.health.signals(stage.primary, stage.replica)
      return Object.fromEntries(signals.map(({ kind, verdict }) => [kind, verdict]))
    }
    const until = async (wanted: Record<HealthSignal['kind'], HealthSignal['verdict']>) => {
      const deadline = Date.now() + CHANGES_MS
      for (let looks = 0; looks < LEAST_LOOKS || Date.now() < deadline; looks += 1, await sleep(50))
        if (JSON.stringify(await verdicts()) === JSON.stringify(wanted)) return
      expect(await verdicts()).toEqual(wanted)
    }

    it('has two kinds of observer, each heard once, with the moment it looked', async () => {
      const signals = await stage.health.signals(stage.primary, stage.replica)
      expect(signals.map(({ kind }) => kind)).toEqual(['health-checkers', 'replication-receiver'])
      for (const { observedAt } of signals) expect(new Date(observedAt).toISOString()).toBe(observedAt)
    })

    it('says down by both when the primary is lost, and up when it is back', async () => {
      await stage.lose()
      await until({ 'health-checkers': 'down', 'replication-receiver': 'down' })
      await stage.recover()
      await until({ 'health-checkers': 'up', 'replication-receiver': 'up' })
    }, 120_000)

    it('says unknown of what cannot be asked, never down, and throws nothing', async () => {
      await stage.blind()
      await until({ 'health-checkers': 'up', 'replication-receiver': 'unknown' })
    }, 90_000)
  })
}
