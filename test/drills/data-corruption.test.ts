import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drillResultSchema, type DrillResult } from '../../core/measurement'
import { dataCorruption, type DataCorruptionOptions } from '../../drills/data-corruption'
import { calmPolicy } from '../setup/calm-policy'
import { withFreePorts } from '../setup/free-ports'

jest.setTimeout(180_000)
const policy = calmPolicy()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drill-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const corruption = async (kind: DataCorruptionOptions['kind']) => {
  const { result } = await withFreePorts(() =>
    dataCorruption(
      { policy, kind, rows: 500, clients: 2, folder },
      { emit: () => undefined },
      // The chart library is an ES module, which this runner cannot load; test/adapters/local draws in a process of its own.
      async () => ({ timeline: '', throughput: '', latency: '' }),
    ),
  )
  return result
}

const missed = ({ objectives }: DrillResult) => objectives.filter(({ met }) => !met)
const steps = ({ steps: all }: DrillResult) => all.map(({ name, outcome }) => `${name}: ${outcome}`)

test('values that a program rewrote are noticed, left behind, and what was written since is listed', async () => {
  const result = await corruption('application')
  expect(missed(result)).toEqual([])
  expect(drillResultSchema.parse(result)).toMatchObject({ drill: 'data-corruption', verdict: 'pass' })
  expect(steps(result)).toEqual(
    expect.arrayContaining(['restore-beside: done', 'list-later-writes: done', 'open: done']),
  )
  // Clients wrote on until the fence, and the copy ends before the damage.
  expect(result.measurements.lost).toBeGreaterThan(0)
  const list = await readFile(join(folder, 'reports', `${runIdOf(result)}-later-writes.jsonl`), 'utf8')
  const listed = list
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { table: string })
  expect(listed.filter(({ table }) => table === 'clinic.appointments')).toHaveLength(1000)
  expect(listed.filter(({ table }) => table === 'clinic.records').length).toBeGreaterThanOrEqual(
    result.measurements.lost!,
  )
  expect(await readFile(result.report!, 'utf8')).toContain('<title>data-corruption: pass</title>')
})

test('a page that changed on a disk is noticed by its checksum, and left behind with the disk', async () => {
  const result = await corruption('page')
  expect(missed(result)).toEqual([])
  expect(result).toMatchObject({ drill: 'data-corruption', verdict: 'pass' })
  expect(steps(result)).toEqual(expect.arrayContaining(['promote: done', 'open: done']))
  expect(result.objectives.map(({ name }) => name)).toContain('damaged pages that no checksum noticed')
})

const runIdOf = ({ report }: DrillResult): string => report!.split('/').at(-1)!.replace('.html', '')
