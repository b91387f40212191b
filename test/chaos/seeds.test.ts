import { runSchedule } from '../../chaos/run-schedule'
import type { Schedule } from '../../chaos/schedule'
import seeds from './seeds.json'

/** Schedules that once broke an invariant, and what it was. They must not break any again. */
it.each(seeds as readonly { readonly found: string; readonly schedule: Schedule }[])(
  'holds where once: $found',
  async ({ schedule }) => {
    const { violations, outcome } = await runSchedule(schedule)
    expect(violations).toEqual([])
    expect(['succeeded', 'stopped']).toContain(outcome)
  },
)
