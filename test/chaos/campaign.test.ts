import { campaign } from '../../chaos/campaign'
import { FAULT_KINDS } from '../../chaos/fault-kinds'
import { matricesOf } from '../../chaos/matrix'
import { runSchedule } from '../../chaos/run-schedule'
import { scheduleOf } from '../../chaos/schedule'

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
  const [matrix] = matricesOf(cells)
  const met = matrix!.rows.flatMap(({ runs }) => runs).filter((runs) => runs !== null && runs > 0)
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
