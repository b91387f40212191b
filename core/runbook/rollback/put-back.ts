import type { Json } from '../../json'
import type { Component } from '../../ports/deployments'
import { isPortError, PortError } from '../../ports/errors'
import { isMoving } from '../../release/look-at-platform'
import { classify, type Failure } from '../failure'
import type { ActionResult, StepContext } from '../model'
import { holdOn } from './hold'
import { usual, type RollbackInput, type RollbackStep } from './input'
import { changeKey, componentOf, planOf, requiredPlan, type CarriedChange } from './planned'

/**
 * One component after the other, each in force and serving before the next is touched. Where one does not come to that, all of
 * them go forward to the release they were left with: half of a release is a platform that nobody has ever tried.
 */
export const putBack: RollbackStep = {
  ...usual,
  id: 'put-back',
  title: 'Put back each component, and see it serve',
  byHand:
    'In the order of the plan: put the old version of the component in force, and see it serve before you go on. The schema comes last. If one does not get well, put the versions of the bad release in force again in the opposite order, or go on by hand from that component.',
  privilege: 'deploy',
  timeoutSeconds: (input) =>
    longestOf(
      input,
      input.components.map(({ name }) => name),
    ),
  begin: (context) => act(context, { at: 0, since: context.ports.clock.now().toISOString() }),
  poll: (context, handle) => act(context, handle as unknown as Turn),
  preview: async (context) => ({ wouldPutBack: (planOf(context)?.changes ?? []) as unknown as Json }),
  undo: {
    title: 'Put the versions in force again that were in force before',
    run: (context) => goForwardAgain(context),
  },
}

/** Whose turn it is, and since when. */
interface Turn {
  readonly at: number
  readonly since: string
}

type Context = StepContext<RollbackInput>

async function act(context: Context, turn: Turn): Promise<ActionResult> {
  const { changes } = requiredPlan(context)
  let { since } = turn
  for (let at = turn.at; at < changes.length; at += 1) {
    const change = changes[at]!
    const stands = await brought(context, change)
    const detail = { component: change.name, putBack: at }
    if (typeof stands !== 'string') return { kind: 'failed', code: stands.code, detail }
    if (stands === 'changed') return { kind: 'failed', code: 'VERSION_CHANGED', detail }
    if (stands !== 'serves') {
      const waited = context.ports.clock.now().getTime() - Date.parse(since)
      if (waited < longestOf(context.input, [change.name]) * 1000) return { kind: 'pending', handle: { at, since } }
      const code = stands === 'in-force' ? 'COMPONENT_NOT_WELL' : 'COMPONENT_NOT_IN_FORCE'
      return { kind: 'failed', code, detail }
    }
    since = context.ports.clock.now().toISOString()
  }
  return { kind: 'done', output: { putBack: changes.length } }
}

/** The same; what no further attempt can help is an answer too, so that the run can tell how far it had come. */
async function brought(context: Context, change: CarriedChange): Promise<Brought | Failure> {
  try {
    return await bring(context, change)
  } catch (error) {
    const failure = classify(error)
    if (failure.retryable || !isPortError(error)) throw error
    return failure
  }
}

type Brought = 'serves' | 'in-force' | 'on-its-way' | 'changed'

/** Asks for the old version of a component where that is not in force yet, and tells how it stands. */
async function bring(context: Context, { name, from, to }: CarriedChange): Promise<Brought> {
  const { ports, input, runId } = context
  const component = componentOf(input, name)
  let version = (await ports.deployments.inForce(component)) ?? null
  // Only its own way is waited for: another one has another end.
  if (version !== to && version !== from) return version !== null && isMoving(version) ? 'on-its-way' : 'changed'
  // At every look, so that it is renewed while one is waited for.
  await holdOn(context)
  if (version !== to) {
    await ports.deployments.putInForce(component, to, { key: changeKey(runId, name) })
    version = (await ports.deployments.inForce(component)) ?? null
  }
  if (version !== to) return 'on-its-way'
  return (await ports.deployments.serves(component)) ? 'serves' : 'in-force'
}

/**
 * Of all components, also those that were not reached: a request that was lost may still be on its way. Waits for each, since a
 * run that has ended answers for nothing any more.
 */
async function goForwardAgain(context: Context): Promise<void> {
  const { ports, input, runId } = context
  const { changes } = requiredPlan(context)
  const names = changes.map(({ name }) => name)
  const endsMs = ports.clock.now().getTime() + longestOf(input, names) * 1000
  for (const { name, from, to } of changes.toReversed()) {
    // Where nothing was in force, the old version harms nobody.
    if (from === null) continue
    const key = `${changeKey(runId, name)}/undo`
    await bringForward(context, componentOf(input, name), { from, to, key, endsMs })
  }
}

interface WayForward {
  readonly from: string
  readonly to: string
  readonly key: string
  readonly endsMs: number
}

/** Until it is in force as it was. A place that refuses for now is asked again: half of a release stands meanwhile. */
async function bringForward(context: Context, component: Component, way: WayForward): Promise<void> {
  const { deployments, clock } = context.ports
  const { from, to, key, endsMs } = way
  for (let isAsked = false; ; await clock.sleep(context.input.pollEverySeconds * 1000)) {
    try {
      if (!isAsked) {
        const version = await deployments.inForce(component)
        // Somebody has deployed it meanwhile, and knows why.
        if (version !== undefined && version !== from && version !== to && !isMoving(version)) return
      }
      await holdOn(context)
      if (!isAsked) await deployments.putInForce(component, from, { key })
      isAsked = true
      if ((await deployments.inForce(component)) === from) return
    } catch (error) {
      if (!classify(error).retryable) throw error
    }
    if (clock.now().getTime() >= endsMs)
      throw new PortError(
        'conflict',
        'UNDO_NOT_IN_FORCE',
        `'${component.name}' is not in force as it was; see to it by hand`,
      )
  }
}

/** How long components may take together: each its own time, and one of them longer to get well. */
const longestOf = ({ components, putBackSeconds, healthySeconds }: RollbackInput, names: readonly string[]): number =>
  components
    .filter(({ name }) => names.includes(name))
    .reduce((sum, { kind }) => sum + putBackSeconds[kind], healthySeconds)
