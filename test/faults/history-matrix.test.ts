import { setTimeout as sleep } from 'node:timers/promises'
import { HISTORY_FAULTS, type HistoryFault } from './history-faults'
import {
  comparisonSays,
  dailySays,
  prepareHistory,
  validationSays,
  weeklySays,
  type HistoryGround,
} from './history-ground'

const SLOW = 120_000
const caught: { fault: string; by: string }[] = []
let ground: HistoryGround
beforeAll(async () => {
  ground = await prepareHistory()
}, SLOW)
afterAll(() => ground?.remove())

const CHECKS: Readonly<Record<HistoryFault['caughtBy'], (ground: HistoryGround) => Promise<string>>> = {
  weekly: weeklySays,
  daily: dailySays,
  comparison: comparisonSays,
  validation: validationSays,
}
const WELL = { weekly: 'ALL_CHECKS_PASSED', daily: 'pass', comparison: 'pass', validation: 'pass' } as const

/** A replica is behind once it has been for as long as it may, and well once it has caught up: asked until the answer will do. */
async function onceItIs(wanted: (said: string) => boolean, ask: () => Promise<string>): Promise<string> {
  for (;;) {
    const said = await ask()
    if (wanted(said)) return said
    await sleep(100)
  }
}

it.each(Object.keys(CHECKS) as HistoryFault['caughtBy'][])(
  'finds nothing wrong where nothing is: %s',
  async (check) => {
    const ask = () => CHECKS[check](ground)
    // Another test may just have let the replica go on.
    expect(await (check === 'daily' ? onceItIs((said) => said === WELL.daily, ask) : ask())).toBe(WELL[check])
  },
  SLOW,
)

it.each(HISTORY_FAULTS.map((fault) => [fault.fault, fault] as const))(
  'catches: %s',
  async (fault, { caughtBy, code, inject }) => {
    const ask = () => CHECKS[caughtBy](ground)
    const mend = await inject(ground)
    try {
      const said = caughtBy === 'daily' ? await onceItIs((one) => one !== WELL.daily, ask) : await ask()
      expect(said.split(',')).toContain(code)
      caught.push({ fault, by: `${caughtBy}: ${code}` })
    } finally {
      await mend()
    }
  },
  SLOW,
)

it('has a fault for every check', () => {
  expect(new Set(HISTORY_FAULTS.map(({ caughtBy }) => caughtBy))).toEqual(new Set(Object.keys(CHECKS)))
})

afterAll(() => {
  process.stdout.write(`${caught.map(({ fault, by }) => `${fault.padEnd(58)} ${by}`).join('\n')}\n`)
})
