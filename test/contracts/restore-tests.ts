import type { RestoreTests } from '../../core/ports/restore-tests'

/** Restore tests as a service keeps them, and what a test can do to them. */
export interface RestoreTestsStage {
  readonly tests: RestoreTests
  readonly region: string
  /** A job that a plan started; it made `copy` unless it still runs, or failed. */
  add(job: { id: string; plan?: string; state: 'running' | 'completed' | 'failed'; copy?: string }): void
  /** Nobody reported in time, and the service gave up on the job's validation. */
  giveUp(id: string): void
}

/** What everything must do that tells of restore tests and takes their verdicts. */
export function describeRestoreTests(name: string, factory: () => RestoreTestsStage): void {
  describe(`restore tests: ${name}`, () => {
    let stage: RestoreTestsStage
    beforeEach(() => {
      stage = factory()
    })
    const PASSED = { status: 'successful', code: 'ALL_CHECKS_PASSED' } as const

    it('knows nothing of a job that does not exist, and takes no verdict on it', async () => {
      expect(await stage.tests.describe('none')).toBeUndefined()
      await expect(stage.tests.report('none', PASSED)).rejects.toMatchObject({ failure: 'invalid' })
    })

    it('tells the plan by our own name, the copy, and when the recovery point was taken', async () => {
      stage.add({ id: 'J-1', plan: 'weekly', state: 'completed', copy: 'copy-1' })
      const test = await stage.tests.describe('J-1')
      expect(test).toMatchObject({
        jobId: 'J-1',
        plan: 'weekly',
        state: 'completed',
        copy: { region: stage.region, instance: 'copy-1' },
      })
      for (const at of [test!.startedAt, test!.recoveryPointAt]) expect(new Date(at).toISOString()).toBe(at)
      expect(test).not.toHaveProperty('verdict')
    })

    it.each(['running', 'failed'] as const)('tells no copy of what is %s', async (state) => {
      stage.add({ id: 'J-1', plan: 'weekly', state })
      const test = await stage.tests.describe('J-1')
      expect(test).toMatchObject({ state })
      expect(test).not.toHaveProperty('copy')
    })

    it('tells no plan of what a person restored', async () => {
      stage.add({ id: 'J-1', state: 'completed', copy: 'copy-1' })
      expect(await stage.tests.describe('J-1')).not.toHaveProperty('plan')
    })

    it.each([PASSED, { status: 'failed', code: 'SEQUENCES_FAIL' }] as const)(
      'keeps a verdict, and takes no second one: $status',
      async (verdict) => {
        stage.add({ id: 'J-1', plan: 'weekly', state: 'completed', copy: 'copy-1' })
        await stage.tests.report('J-1', verdict)
        expect((await stage.tests.describe('J-1'))?.verdict).toEqual(verdict)
        const other = { status: 'failed', code: 'OTHER' } as const
        await expect(stage.tests.report('J-1', other)).rejects.toMatchObject({ name: 'PortError' })
        expect((await stage.tests.describe('J-1'))?.verdict).toEqual(verdict)
      },
    )

    it('tells settled tests whatever their verdict, and none that has no verdict or no copy', async () => {
      for (const id of ['passed', 'failed', 'open'])
        stage.add({ id, plan: 'weekly', state: 'completed', copy: `copy-${id}` })
      stage.add({ id: 'running', plan: 'weekly', state: 'running' })
      await stage.tests.report('passed', PASSED)
      await stage.tests.report('failed', { status: 'failed', code: 'SEQUENCES_FAIL' })
      const settled = await stage.tests.settledSince(new Date(Date.now() - 3_600_000))
      expect(settled.map(({ jobId, plan, copy }) => `${jobId} ${plan} ${copy.instance}`).toSorted()).toEqual([
        'failed weekly copy-failed',
        'passed weekly copy-passed',
      ])
      expect(await stage.tests.settledSince(new Date(Date.now() + 3_600_000))).toEqual([])
    })

    it('calls a validation failed that the service gave up', async () => {
      stage.add({ id: 'J-1', plan: 'weekly', state: 'completed', copy: 'copy-1' })
      stage.giveUp('J-1')
      expect((await stage.tests.describe('J-1'))?.verdict).toMatchObject({ status: 'failed' })
    })
  })
}
