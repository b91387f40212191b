import { Agenda } from '../../../adapters/memory/agenda'
import { VirtualClock } from '../../../adapters/memory/clock'

function started() {
  const clock = new VirtualClock()
  const agenda = new Agenda(clock)
  const seen: string[] = []
  const note = (what: string) => () => void seen.push(`${what} ${clock.monotonicMs()}`)
  return { clock, agenda, seen, note }
}

it('lets everything happen at its moment, in the order in which it was noted, and looks after each', async () => {
  const { agenda, clock, seen, note } = started()
  agenda.in(20, note('late'))
  agenda.in(10, note('first'))
  agenda.in(10, note('second'))
  agenda.look = async () => note('look')()
  await agenda.pass(15)
  expect(seen).toEqual(['first 10', 'look 10', 'second 10', 'look 10', 'look 15'])
  await agenda.pass(10)
  expect(seen.slice(5)).toEqual(['late 20', 'look 20', 'look 25'])
  expect(clock.monotonicMs()).toBe(25)
})

it('repeats what goes on by itself, also while two let time pass at once', async () => {
  const { agenda, clock, seen, note } = started()
  agenda.every(() => 10, note('round'))
  await Promise.all([agenda.pass(25), agenda.pass(35)])
  expect(seen).toEqual(['round 10', 'round 20', 'round 30'])
  expect(clock.monotonicMs()).toBe(35)
})
