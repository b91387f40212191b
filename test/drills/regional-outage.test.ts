import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drillResultSchema } from '../../core/measurement'
import { regionalOutage } from '../../drills/regional-outage'
import { resolvePolicy } from '../../policy'

describe('regional outage', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drill-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('fails and says what was lost when a held-back replica misses the objective', async () => {
    const policy = resolvePolicy('test')
    const strict = { ...policy.objectives, rpo: { ...policy.objectives.rpo, patientMinutes: 0.01 } }
    const result = await regionalOutage(
      {
        policy: { ...policy, objectives: strict },
        fault: 'host',
        replication: 'async',
        rows: 500,
        clients: 2,
        replayPausedSeconds: 2,
        folder,
      },
      { emit: () => undefined },
      // The chart library is an ES module, which this runner cannot load; test/adapters/local draws in a process of its own.
      async () => ({ timeline: '', throughput: '', latency: '' }),
    )

    expect(drillResultSchema.parse(result).verdict).toBe('fail')
    expect(result.objectives.filter(({ met }) => !met).map(({ name }) => name)).toEqual([
      'RPO of patient data, seconds',
    ])
    expect(result.measurements.lost).toBeGreaterThan(0)
    // At least as long as the replica heard nothing, and the quiet time between the hold and the fault.
    expect(result.measurements.rpoSeconds).toBeGreaterThanOrEqual(2)
    expect(result.measurements.ghost).toBe(0)
    expect(result.evidence).toHaveLength(2)
    expect(await readFile(result.report!, 'utf8')).toContain('<title>regional-outage: fail</title>')
  }, 120_000)
})
