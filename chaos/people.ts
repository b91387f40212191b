import type { Agenda } from '../adapters/memory/agenda'
import { answerApproval } from '../core/coordination/approvals'
import type { Clock } from '../core/ports/clock'
import type { ConditionalStore } from '../core/ports/conditional-store'
import { isPortError } from '../core/ports/errors'
import type { Habit } from './conditions'
import type { Answer, Question } from './facts'

/** Notes the answers of people to a question down on the agenda; each is given, and kept, when its time comes. */
export function answerByHabit(
  question: Question,
  habit: Habit,
  world: { readonly agenda: Agenda; readonly clock: Clock; readonly store: ConditionalStore },
  keep: (answer: Answer) => void,
): void {
  const { agenda, clock, store } = world
  const { key } = question
  if (habit.answer === 'none') return
  const approve = habit.answer === 'approve'
  const open = question.expiresAtMs - clock.now().getTime()
  habit.by.forEach((by, at) =>
    agenda.in(open * habit.afterShare + at * 1_000, async () => {
      const given = { key, by, approve, isLate: clock.now().getTime() >= question.expiresAtMs }
      try {
        const { kind } = await answerApproval(store, key, { by, approve }, clock.now())
        keep({ ...given, taken: kind })
      } catch (error) {
        if (!isPortError(error)) throw error
        keep({ ...given, taken: 'refused' })
      }
    }),
  )
}
