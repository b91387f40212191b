import type { EvidenceDraft, EvidenceLog } from '../../core/ports/evidence-log'

/** A log, and what a test can do to it. */
export interface EvidenceStage {
  readonly log: EvidenceLog
  /** The same log as another process would open it. */
  again(): EvidenceLog
  /** Until `heal`, what the log writes does not arrive, or its arrival is not confirmed. */
  fail(): Promise<void> | void
  heal(): Promise<void> | void
}

/** What every evidence log must do, wherever its records are kept. */
export function describeEvidenceLog(name: string, factory: () => Promise<EvidenceStage> | EvidenceStage): void {
  describe(`evidence log: ${name}`, () => {
    let stage: EvidenceStage
    beforeEach(async () => {
      stage = await factory()
    })

    it('gives each record a place of its own, one after the other', async () => {
      const records = [
        await stage.log.append(draft('a')),
        await stage.log.append(draft('b')),
        await stage.log.append(draft('c')),
      ]
      expect(records.map(({ sequence }) => sequence)).toEqual([0, 1, 2])
      expect(new Set(records.map(({ id }) => id)).size).toBe(3)
      expect(new Set(records.map(({ hash }) => hash)).size).toBe(3)
      for (const { hash } of records) expect(hash).toMatch(/^[0-9a-f]{64}$/)
    })

    it('keeps the first record of a key, also when it is told another thing, or by another process', async () => {
      const first = await stage.log.append(draft('a'))
      await stage.log.append(draft('b'))
      expect(await stage.log.append(draft('a', 'failed'))).toEqual(first)
      expect(await stage.again().append(draft('a'))).toEqual(first)
      expect((await stage.log.append(draft('c'))).sequence).toBe(2)
    })

    it('gives simultaneous writers a place each', async () => {
      const [one, other] = [stage.log, stage.again()]
      const records = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((key, at) => (at % 2 === 0 ? one : other).append(draft(key))),
      )
      expect(records.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
    })

    it('says that it failed, and has one record after the same draft was sent again', async () => {
      await stage.log.append(draft('a'))
      await stage.fail()
      try {
        await expect(stage.log.append(draft('b'))).rejects.toMatchObject({ name: 'PortError' })
      } finally {
        await stage.heal()
      }
      const record = await stage.log.append(draft('b'))
      expect(record.sequence).toBe(1)
      expect(await stage.again().append(draft('b'))).toEqual(record)
      expect((await stage.log.append(draft('c'))).sequence).toBe(2)
    })
  })
}

const draft = (key: string, outcome: EvidenceDraft['outcome'] = 'succeeded'): EvidenceDraft => ({
  key: `run-1/${key}`,
  kind: 'runbook',
  subject: 'region-failover',
  startedAt: '2026-11-23T12:00:00.000Z',
  finishedAt: '2026-11-23T12:10:00.000Z',
  outcome,
  measurements: { seconds: 4 },
  artefacts: [],
  controls: ['SINGLE-WRITER'],
  actor: 'operator-1',
})
