import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drillResultSchema } from '../../core/measurement'
import type { Policy } from '../../core/policy'
import { quietRun } from '../../drills/quiet'
import { calmPolicy } from '../setup/calm-policy'

// A lease of a second and a bit is kept by a machine that has time for it: a starved one closes for a reason of its own.
jest.retryTimes(2, { logErrorsBeforeRetry: true })

const policy = calmPolicy()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quiet-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const quiet = (change: Partial<Policy['rehearsal']['quiet']>, seconds: number) => {
  const rehearsal = {
    ...policy.rehearsal,
    quiet: { ...policy.rehearsal.quiet, ...change },
    campaign: { ...policy.rehearsal.campaign, acknowledgedPerSecond: 20 },
  }
  return quietRun(
    { policy: { ...policy, rehearsal }, rows: 300, clients: 2, seconds, folder },
    { emit: () => undefined },
  )
}

test('stalls that are shorter than a failure change nothing for the clients', async () => {
  const result = await quiet({}, 10)
  expect(result.objectives.filter(({ met }) => !met)).toEqual([])
  expect(drillResultSchema.parse(result)).toMatchObject({ drill: 'quiet', verdict: 'pass' })
  expect(result.steps).toMatchObject([{ name: 'stall', attempts: 3 }])
  expect(result.measurements.acknowledged).toBeGreaterThan(200)
}, 60_000)

test('a stall that lasts as long as a failure is not called quiet', async () => {
  const result = await quiet({ stallSeconds: 6, stallEverySeconds: 9 }, 12)
  expect(result.verdict).toBe('fail')
  expect(result.objectives.filter(({ met }) => !met).map(({ name }) => name)).toContain('failures declared')
}, 60_000)
