import type { BaseInput, Runbook, RunState } from './model'
import { stepState } from './reducer'

/** What people do with a run that stopped. */
export interface Continuation {
  /** Where it stopped, and why. */
  readonly step: string
  readonly code: string
  /** `forward`: a step that cannot be undone has begun, so by hand from the step that stopped. `start-over`: nothing of it stands. */
  readonly direction: 'forward' | 'start-over' | 'undo-by-hand'
  /** Undone steps, newest first. */
  readonly undone: readonly string[]
  /** What to do by hand, in this order. */
  readonly byHand: readonly { readonly step: string; readonly doThis: string }[]
}

/** How to go on after a run that stopped; undefined for one that did not. */
export function continuationOf<Input extends BaseInput>(
  { steps }: Runbook<Input>,
  run: RunState<Input>,
): Continuation | undefined {
  const { stoppedBy } = run
  if (!stoppedBy) return undefined
  const statusOf = (id: string) => stepState(run, id).status
  const stoppedAt = steps.findIndex(({ id }) => id === stoppedBy.step)
  const begun = steps.filter(({ id }) => stepState(run, id).attempt > 0)
  const undone = begun.filter(({ id }) => statusOf(id) === 'undone').map(({ id }) => id)
  const stuck = begun.filter(({ id }) => statusOf(id) === 'undo-failed')
  const isForward = begun.some(({ undo }) => 'pointOfNoReturn' in undo && undo.pointOfNoReturn)
  // Also what has failed on the way and was left behind, such as a copy for the investigation.
  const ahead = steps.filter(
    ({ id, always }, at) => !always && (statusOf(id) === 'failed' || (at >= stoppedAt && statusOf(id) !== 'done')),
  )
  const failed = steps.filter(({ always, id }) => always && statusOf(id) !== 'done')
  const about = { ...stoppedBy, undone: undone.toReversed() }
  if (isForward)
    return {
      ...about,
      direction: 'forward',
      byHand: [...ahead, ...failed].map(({ id, byHand }) => ({ step: id, doThis: byHand })),
    }
  if (stuck.length > 0)
    return {
      ...about,
      direction: 'undo-by-hand',
      byHand: stuck
        .toReversed()
        .map(({ id, undo }) => ({ step: id, doThis: 'title' in undo ? undo.title : undo.none })),
    }
  return {
    ...about,
    direction: 'start-over',
    byHand: steps.slice(stoppedAt, stoppedAt + 1).map(({ id, byHand }) => ({ step: id, doThis: byHand })),
  }
}
