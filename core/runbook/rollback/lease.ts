import { planDigest } from '../../release/rollback-plan'
import type { ActionResult } from '../model'
import { usual, type RollbackStep } from './input'
import { take } from './hold'
import { planNow, requiredPlan } from './planned'

/**
 * Two rollbacks at once would each undo what the other does. Whoever comes second is refused and told by whom; and since people
 * may have taken long to approve, the plan has to be the same still once the way is free.
 */
export const lease: RollbackStep = {
  ...usual,
  id: 'lease',
  title: 'Keep out every other rollback',
  byHand:
    'Ask in the channel of the incident whether somebody else is changing the platform, and say that you do. Look once more whether everything is in force that the plan names as such.',
  privilege: 'deploy',
  begin: async (context): Promise<ActionResult> => {
    const owner = await take(context)
    if (owner !== context.runId) return { kind: 'failed', code: 'ROLLBACK_UNDER_WAY', detail: { run: owner } }
    const planned = requiredPlan(context).digest
    const now = planDigest(await planNow(context))
    if (planned !== now) return { kind: 'failed', code: 'PLAN_STALE', detail: { planned, now } }
    return { kind: 'done', output: { held: true } }
  },
  preview: async () => ({ wouldHold: true }),
  undo: { none: 'it ends with the run that holds it' },
}
