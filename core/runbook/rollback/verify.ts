import type { ActionResult, StepContext } from '../model'
import { usual, type RollbackInput, type RollbackStep } from './input'
import { componentOf, planOf, requiredPlan } from './planned'
import { illComponents } from './wellness'

/** The end of the downtime: everything that is released serves, also what was not put back. */
export const verify: RollbackStep = {
  ...usual,
  id: 'verify',
  title: 'See the whole platform serve',
  byHand:
    'Ask each component for its health, also those that stayed as they were, and compare the versions in force with the plan. If something is ill, find out whether it was before; the bad release is no way back from here.',
  privilege: 'deploy',
  // Each component has had its own time: this is one more look for all of them.
  timeoutSeconds: ({ healthySeconds }) => healthySeconds,
  begin: (context) => look(context),
  poll: (context) => look(context),
  preview: async ({ ports, input }) => ({ ill: await illComponents(ports, input) }),
  undo: {
    none: 'everything is back: the bad release is put in force again by a rollback of its own, and by nothing else',
    pointOfNoReturn: true,
  },
}

async function look(context: StepContext<RollbackInput>): Promise<ActionResult> {
  const { ports, input } = context
  const changes = planOf(context)?.changes ?? []
  for (const { name, to } of changes)
    if ((await ports.deployments.inForce(componentOf(input, name))) !== to)
      return { kind: 'failed', code: 'VERSION_CHANGED', detail: { component: name } }
  const ill = await illComponents(ports, input)
  if (ill.length > 0) return { kind: 'pending', handle: { ill } }
  const { expectedSeconds } = requiredPlan(context)
  const seconds = (ports.clock.now().getTime() - Date.parse(context.run.startedAt)) / 1000
  return { kind: 'done', output: { serving: input.components.length, expectedSeconds, seconds } }
}
