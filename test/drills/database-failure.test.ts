import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drillResultSchema, type DrillResult } from '../../core/measurement'
import { databaseFailure, type DatabaseFailureOptions } from '../../drills/database-failure'
import { resolvePolicy } from '../../policy'
import { withFreePorts } from '../setup/free-ports'

const policy = resolvePolicy('test')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const failure = async (change: Partial<DatabaseFailureOptions>) => {
  const { result } = await withFreePorts(() =>
    databaseFailure(
      { policy, fault: 'process', zone: 'sync', rows: 500, clients: 2, folder, ...change },
      { emit: () => undefined },
      // The chart library is an ES module, which this runner cannot load; test/adapters/local draws in a process of its own.
      async () => ({ timeline: '', throughput: '', latency: '' }),
    ),
  )
  return result
}

const missed = ({ objectives }: DrillResult) => objectives.filter(({ met }) => !met).map(({ name }) => name)

test.each(['process', 'hang'] as const)(
  'after a %s fault the standby of the other zone serves with every acknowledged write, and the old server is gone',
  async (fault) => {
    const result = await failure({ fault })
    expect(missed(result)).toEqual([])
    expect(drillResultSchema.parse(result)).toMatchObject({ drill: 'database-failure', verdict: 'pass' })
    expect(result.objectives.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['processes left of the old server', 'transactions lost under synchronous replication']),
    )
    expect(result.measurements).toMatchObject({ lost: 0, ghost: 0, rpoSeconds: 0 })
    expect(result.measurements.acknowledged).toBeGreaterThan(100)
    expect(result.measurements.outageSeconds).toBeGreaterThan(0)
    expect(result.steps.map(({ name, outcome }) => [name, outcome])).toEqual(
      ['decide', 'fail-over', 'prove', 'validate', 'serve', 'report'].map((name) => [name, 'done']),
    )
    // Of its incident, of the run that the incident had planned, and of the drill itself.
    expect(result.evidence).toHaveLength(3)
    expect(result.objectives).toContainEqual({
      name: 'runbook that the incident had planned',
      target: 'zone-failover',
      measured: 'zone-failover',
      met: true,
    })
    const page = await readFile(result.report!, 'utf8')
    expect(page).toContain('<title>database-failure: pass</title>')
    expect(page).toContain('restarted-server')
    expect(page).toContain('ALARM_DATABASE_FAILING_OVER')
  },
  90_000,
)
