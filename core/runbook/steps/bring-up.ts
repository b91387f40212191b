import { ordinary, type MoveStep } from './input'

/**
 * Starts the application while the database is still closed, so that it is warm when it may enter. A hook that fails does
 * not keep the database closed: the last look at the application says so afterwards.
 */
export const bringUp: MoveStep = {
  ...ordinary,
  id: 'bring-up',
  title: 'Bring up the application',
  byHand:
    'Start what the policy names under applicationTier in the region that takes over: scale the service, flip the deployment, or call the function that does it. Do not wait for it.',
  privilege: 'application',
  onFailure: 'continue',
  begin: async ({ ports, input, key }) => {
    const { hooks } = input.application
    await Promise.all(hooks.map((hook) => ports.application.bringUp(hook, { key: `${key}/${hook.name}` })))
    return { kind: 'done', output: { hooks: hooks.map(({ name }) => name) } }
  },
  preview: async ({ input }) => ({ wouldBringUp: input.application.hooks.map(({ name }) => name) }),
  undo: { none: 'an application that stands by without traffic harms nothing' },
}
