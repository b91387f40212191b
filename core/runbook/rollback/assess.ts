import type { Json } from '../../json'
import { CHOICES_WITHOUT_WAY_BACK, planDigest, type RollbackPlan } from '../../release/rollback-plan'
import type { ActionResult } from '../model'
import { usual, type RollbackStep } from './input'
import { asOutput, carried, planNow } from './planned'

/** Sees what differs from the last healthy release, and refuses to begin where a part of it cannot go back. */
export const assess: RollbackStep = {
  ...usual,
  id: 'assess',
  title: 'Assess what differs from the last healthy release',
  byHand:
    'List the version in force of each component beside the last healthy release. Strike out what is the same. Ask for each of the rest whether its old version is still there and whether a migration in between has a way back; if one has none, choose with its owner: correct it forward, recover the database beside, or put back the rest alone.',
  privilege: 'deploy',
  begin: async (context) => judge(await planNow(context), context.input.planHash),
  preview: async (context) => {
    const plan = await planNow(context)
    return { ...carried(plan), plan: { ...plan, obstacles: obstaclesTold(plan) } } as unknown as Json
  },
  undo: { none: 'it changes nothing' },
}

function judge(plan: RollbackPlan, planned: string | undefined): ActionResult {
  const now = planDigest(plan)
  if (planned !== undefined && planned !== now) return { kind: 'failed', code: 'PLAN_STALE', detail: { planned, now } }
  const irreversible = plan.obstacles.find(({ code }) => code === 'IRREVERSIBLE')
  const [first] = irreversible ? [irreversible] : plan.obstacles
  if (first) return { kind: 'failed', code: first.code, detail: { obstacles: obstaclesTold(plan) } }
  return { kind: 'done', output: asOutput(carried(plan)) }
}

/** What stands in the way, with the choices that people have. */
export const obstaclesTold = ({ obstacles }: RollbackPlan) =>
  obstacles.map((obstacle) => ({
    ...obstacle,
    ...(obstacle.code === 'IRREVERSIBLE' && { choices: Object.keys(CHOICES_WITHOUT_WAY_BACK) }),
  }))
