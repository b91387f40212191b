import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Migrations from '../../adapters/local/deployments/clinic-migrations'
import { drillResultSchema, type DrillResult } from '../../core/measurement'
import { deploymentFailure } from '../../drills/deployment-failure'
import { resolvePolicy } from '../../policy'
import { withFreePorts } from '../setup/free-ports'

/** Whether the ways back of the clinic's migrations keep nothing. */
const planted = { careless: false }
jest.mock('../../adapters/local/deployments/clinic-migrations', () => {
  const { CLINIC_MIGRATIONS } = jest.requireActual<typeof Migrations>(
    '../../adapters/local/deployments/clinic-migrations',
  )
  const careless = CLINIC_MIGRATIONS.map(({ down, ...migration }) => ({
    ...migration,
    ...(down !== undefined && { down: down.replaceAll('where channel is not null', 'where false') }),
  }))
  return {
    get CLINIC_MIGRATIONS() {
      return planted.careless ? careless : CLINIC_MIGRATIONS
    },
  }
})

const policy = resolvePolicy('production')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => void (planted.careless = false))

const failure = async (): Promise<DrillResult> => {
  const { result } = await withFreePorts(() =>
    deploymentFailure(
      { policy, rows: 500, clients: 1, folder },
      { emit: () => undefined },
      // The chart library is an ES module, which this runner cannot load; test/adapters/local draws in a process of its own.
      async () => ({ timeline: '', throughput: '', latency: '' }),
    ),
  )
  return result
}

/** How fast it goes is measured on an idle machine, and is nothing that a test under load can hold. */
const missed = ({ objectives }: DrillResult) =>
  objectives.filter(({ met, name }) => !met && !name.endsWith(', seconds')).map(({ name }) => name)

it('bad releases are noticed and put back, no acknowledged row is lost, and the way leads there and back', async () => {
  const result = await failure()
  expect(missed(result)).toEqual([])
  expect(drillResultSchema.parse(result).drill).toBe('deployment-failure')
  expect(result.objectives.filter(({ name }) => name.endsWith(', seconds'))).toHaveLength(9)
  // Of its incident, of three runs, and of the drill itself.
  expect(result.evidence).toHaveLength(5)
  expect(await readFile(result.report!, 'utf8')).toContain('ALARM_RELEASE_ILL')
}, 180_000)

it('does not pass where the way back of a migration throws away what the newer release wrote', async () => {
  planted.careless = true
  const result = await failure()
  expect(result.verdict).toBe('fail')
  expect(missed(result)).toEqual([
    'rows of the bad release of which something is neither in place nor set aside',
    'rows of the bad release that did not come back with it',
  ])
}, 180_000)
