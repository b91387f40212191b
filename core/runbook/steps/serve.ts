import type { ActionResult, StepContext } from '../model'
import { ordinary, type MoveStep, type MoveInput } from './input'

/** The failover is over for people only when the application serves them. */
export const serve: MoveStep = {
  ...ordinary,
  id: 'serve',
  title: 'See the application serve',
  byHand: 'Ask each part of the application for its health, in the region that took over. All of them have to be well.',
  privilege: 'application',
  timeoutSeconds: (input) => input.application.healthySeconds,
  begin: (context) => look(context),
  poll: (context) => look(context),
  preview: async (context) => ({ well: (await wellOf(context)).map(({ name }) => name) }),
  undo: { none: 'clients have written; there is only forward' },
  milestone: 'criticalServices',
}

type Context = StepContext<MoveInput>

async function look(context: Context): Promise<ActionResult> {
  const { hooks } = context.input.application
  const well = await wellOf(context)
  if (well.length < hooks.length) return { kind: 'pending', handle: null }
  return { kind: 'done', output: { well: well.length } }
}

async function wellOf({ ports, input }: Context) {
  const { hooks } = input.application
  const well = await Promise.all(hooks.map((hook) => ports.application.healthy(hook)))
  return hooks.filter((_, i) => well[i])
}
