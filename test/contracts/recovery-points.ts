import type { RecoveryPoint, RecoveryPoints, VaultKind, DataHolder, Vault } from '../../core/ports/recovery-points'

/** The backups of a region, and what a test can put into them. */
export interface RecoveryPointsStage {
  readonly points: RecoveryPoints
  /** More than one page of the adapter holds. */
  readonly morePoints: number
  vault(kind: VaultKind, vault: Vault): Promise<void>
  keep(kind: VaultKind, points: readonly RecoveryPoint[]): Promise<void>
  holder(holder: DataHolder): Promise<void>
}

const AT = '2026-11-27T05:00:00.000Z'

/** What everything must do that tells of recovery points. */
export function describeRecoveryPoints(name: string, factory: () => Promise<RecoveryPointsStage>): void {
  describe(`recovery points: ${name}`, () => {
    let stage: RecoveryPointsStage
    beforeEach(async () => {
      stage = await factory()
      await stage.vault('snapshots', { lock: { minDays: 90, maxDays: 400 }, key: 'backup' })
    })
    const point = (more: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
      id: 'point-1',
      resource: 'neonpro-test-db-g1',
      state: 'completed',
      createdAt: AT,
      completedAt: '2026-11-27T05:40:00.000Z',
      key: 'database',
      keptDays: 90,
      endsAt: '2027-02-25T05:00:00.000Z',
      bytes: 5_368_709_120,
      ...more,
    })
    const all = async (kind: VaultKind): Promise<RecoveryPoint[]> => {
      const found: RecoveryPoint[] = []
      for (let next: string | undefined; ;) {
        const page = await stage.points.page(kind, next)
        found.push(...page.points)
        if (page.next === undefined) return found
        next = page.next
      }
    }

    it('tells a vault, its lock and its key, and that one is not there', async () => {
      expect(await stage.points.vault('snapshots')).toEqual({ lock: { minDays: 90, maxDays: 400 }, key: 'backup' })
      expect(await stage.points.vault('copies')).toBeUndefined()
      await stage.vault('copies', { lock: null, key: 'backup' })
      expect(await stage.points.vault('copies')).toEqual({ lock: null, key: 'backup' })
    })

    it('tells nothing of an empty vault, and refuses the pages of one that is not there', async () => {
      expect(await all('snapshots')).toEqual([])
      await expect(stage.points.page('copies')).rejects.toMatchObject({ name: 'PortError' })
    })

    it('tells a recovery point as it is', async () => {
      await stage.keep('snapshots', [point()])
      expect(await all('snapshots')).toEqual([{ ...point(), id: expect.stringContaining('point-1') }])
    })

    it.each([
      ['one that still runs', { state: 'running', completedAt: undefined }],
      ['one that lacks something', { state: 'partial' }],
      ['one that is being deleted', { state: 'lost' }],
      ['one that lies open', { key: 'nothing' }],
      ['one under a key that is not ours', { key: 'foreign' }],
      ['one under the key of the vault', { key: 'backup' }],
      ['one that never ends', { keptDays: undefined, endsAt: undefined }],
      ['one that goes to cold storage', { coldAfterDays: 30 }],
      ['one of a bucket', { resource: 'neonpro-test-assets-333344445555-sa-east-1' }],
    ] as const)('tells %s', async (_name, more) => {
      await stage.keep('snapshots', [point(more)])
      const [told] = await all('snapshots')
      for (const [key, value] of Object.entries(more)) expect(told?.[key as keyof RecoveryPoint]).toEqual(value)
    })

    it('tells all of them, each once, in pages', async () => {
      const many = Array.from({ length: stage.morePoints }, (_, at) =>
        point({ id: `point-${String(at).padStart(5, '0')}` }),
      )
      await stage.keep('snapshots', many)
      const told = await all('snapshots')
      expect(told).toHaveLength(many.length)
      expect(new Set(told.map(({ id }) => id)).size).toBe(many.length)
      expect((await stage.points.page('snapshots')).next).toBeDefined()
    })

    it('refuses a place in the list that it does not know', async () => {
      await stage.keep('snapshots', [point()])
      await expect(stage.points.page('snapshots', 'no-such-place')).rejects.toMatchObject({ failure: 'invalid' })
    })

    it('tells each database and each bucket of the region', async () => {
      const holders: DataHolder[] = [
        { name: 'neonpro-test-db-g1', role: 'writer' },
        { name: 'neonpro-test-db-g2', role: 'replica' },
        { name: 'awsbackup-restore-test-1', role: 'test-copy' },
        { name: 'neonpro-test-assets', role: 'bucket' },
        { name: 'somebody-elses', role: 'bucket' },
      ]
      for (const holder of holders) await stage.holder(holder)
      const told: DataHolder[] = []
      for await (const holder of stage.points.holders()) told.push(holder)
      expect(told.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
        holders.toSorted((a, b) => a.name.localeCompare(b.name)),
      )
    })
  })
}
