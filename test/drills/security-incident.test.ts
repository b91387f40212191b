import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drillResultSchema } from '../../core/measurement'
import { securityIncident } from '../../drills/security-incident'
import { calmPolicy } from '../setup/calm-policy'
import { withFreePorts } from '../setup/free-ports'

jest.setTimeout(240_000)
const policy = calmPolicy()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a stolen login is noticed, cut off and dead, and the clean data is complete', async () => {
  const { result } = await withFreePorts(() =>
    securityIncident(
      { policy, rows: 2000, clients: 2, folder },
      { emit: () => undefined },
      // The chart library is an ES module, which this runner cannot load; test/adapters/local draws in a process of its own.
      async () => ({ timeline: '', throughput: '', latency: '' }),
    ),
  )
  expect(result.objectives.filter(({ met }) => !met)).toEqual([])
  expect(drillResultSchema.parse(result)).toMatchObject({ drill: 'security-incident', verdict: 'pass' })
  expect(result.steps.map(({ name, outcome }) => `${name}: ${outcome}`)).toEqual(
    expect.arrayContaining([
      'isolate: done',
      'revoke: done',
      'confirm-preserved: done',
      'rotate: done',
      'scan: done',
      'open: done',
    ]),
  )
  // Clients wrote on until the fence, and the copy ends before the attack.
  expect(result.measurements.lost).toBeGreaterThan(0)
  const reports = join(folder, 'reports')
  const list = (await readdir(reports)).find((name) => name.endsWith('later-writes.jsonl'))
  expect((await readFile(join(reports, list!), 'utf8')).trim().split('\n').length).toBeGreaterThanOrEqual(
    result.measurements.lost!,
  )
  expect(await readFile(result.report!, 'utf8')).toContain('<title>security-incident: pass</title>')
})
