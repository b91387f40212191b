import { CELLS } from '../../chaos/aim'
import { campaign } from '../../chaos/campaign'
import { FAULT_KINDS } from '../../chaos/fault-kinds'
import { matricesOf } from '../../chaos/matrix'
import { cellOf } from '../../chaos/engine-faults'
import { runSchedule } from '../../chaos/run-schedule'
import { scheduleOf } from '../../chaos/schedule'
import { SCENARIOS } from '../../chaos/scenarios'

const SEEDS = 60

it(`breaks no invariant, over ${SEEDS} seeds that promote, stop and ask people`, async () => {
  const { findings, outcomes, stops } = await campaign({ seed: 1, runs: SEEDS })
  expect(findings).toEqual([])
  // The invariants would hold for nothing if every run went the same way.
  expect(outcomes['succeeded']).toBeGreaterThan(SEEDS / 4)
  expect(outcomes['stopped']).toBeGreaterThan(SEEDS / 20)
  expect(Object.keys(stops).length).toBeGreaterThan(5)
}, 180_000)

it('is the same run for the same seed, call by call, and another one for another seed', async () => {
  for (const seed of [3, 24, 38]) {
    const [first, again, other] = [
      await runSchedule(scheduleOf(seed)),
      await runSchedule(scheduleOf(seed)),
      await runSchedule(scheduleOf(seed + 1)),
    ]
    expect(again).toEqual(first)
    expect(other.trace).not.toBe(first.trace)
  }
})

it('is the same run again from its schedule alone, as it was printed', async () => {
  const first = await runSchedule(scheduleOf(24))
  expect(first.schedule.faults.length).toBeGreaterThan(0)
  expect(await runSchedule(JSON.parse(JSON.stringify(first.schedule)))).toEqual(first)
})

it('counts where each fault was met, and reports what is listed as out of reach and was reached', async () => {
  const { cells } = await campaign({ seed: 1, runs: 40 })
  const matrices = matricesOf(cells)
  const [matrix] = matrices
  const met = matrices
    .flatMap(({ rows }) => rows.flatMap(({ runs }) => runs))
    .filter((runs) => runs !== null && runs > 0)
  expect(met.length).toBeGreaterThan(50)
  expect(matrix!.reachedAfterAll).toEqual([])
  const impossible = 'stale-names @ region-failover fence'
  const [wrong] = matricesOf(new Map([...cells, [impossible, 1]]))
  expect(wrong!.reachedAfterAll).toEqual([impossible])
}, 180_000)

it('names every kind of fault once', () => {
  const names = FAULT_KINDS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

it('aims at every cell that can be reached, one after the other, with one seed of three', () => {
  const aimed = new Set<string>()
  for (let seed = 3; seed <= 3 * CELLS.length + 3; seed += 3) {
    const { scenario, faults } = scheduleOf(seed)
    const { runbook } = SCENARIOS.find(({ name }) => name === scenario)!
    for (const { kind, step } of faults) aimed.add(cellOf(kind, runbook.name, step))
  }
  expect(
    CELLS.map(({ kind, runbook, step }) => cellOf(kind.name, runbook, step)).filter((cell) => !aimed.has(cell)),
  ).toEqual([])
})

it('meets in each runbook what it aims at', async () => {
  const missed: string[] = []
  // Each of these steps is reached by a run in which nothing else goes wrong.
  for (const { name } of new Map(SCENARIOS.map(({ runbook }) => [runbook.name, runbook])).values()) {
    const scheduled = Array.from({ length: CELLS.length }, (_, at) => scheduleOf(3 + 3 * at)).find(
      ({ scenario, faults }) => scenario.startsWith(`${name}:`) && faults[0]?.kind === 'engine-dies-after',
    )!
    const { cells } = await runSchedule(scheduled)
    if (!cells.has(cellOf('engine-dies-after', name, scheduled.faults[0]!.step))) missed.push(name)
  }
  expect(missed).toEqual([])
}, 180_000)

it('meets every question to people that it aims at', async () => {
  const questions = new Set(
    FAULT_KINDS.filter((kind) => 'felt' in kind && kind.felt === 'question').map(({ name }) => name),
  )
  const aimed = Array.from({ length: CELLS.length }, (_, at) => scheduleOf(3 + 3 * at)).flatMap((schedule) => {
    const { runbook } = SCENARIOS.find(({ name }) => name === schedule.scenario)!
    const { kind, step } = schedule.faults.at(-1)!
    return questions.has(kind) ? [{ schedule, cell: cellOf(kind, runbook.name, step) }] : []
  })
  const missed = new Set(aimed.map(({ cell }) => cell))
  expect(missed.size).toBeGreaterThan(40)
  for (const { schedule, cell } of aimed) if ((await runSchedule(schedule)).cells.has(cell)) missed.delete(cell)
  expect([...missed]).toEqual([])
}, 180_000)
