import type { Json } from '../json'
import { historyBound, MAX_HISTORY_EVENTS } from './history-bound'
import type { BaseInput, Privilege, Runbook, Step } from './model'

/** What a state machine needs besides the runbook itself. */
export interface CompileOptions<Input> {
  /** The function that holds each privilege that the runbook needs; tokens are allowed. */
  readonly functionArns: Readonly<Partial<Record<Privilege, string>>>
  /** An input with the policy's timeouts and pace, from which the longest possible history is computed. */
  readonly input: Input
}

/**
 * A runbook as an Amazon States Language document: one visible task per step, and no rule that the reducer does not
 * hold. The execution's input and output are the whole RunState. JSONPath only, because local interpreters know nothing
 * else. Waits are whole seconds here, so functions round them up before they return (`inWholeSeconds`).
 * Throws when the execution could outgrow its history, a state's name its limit, or no function holds a privilege.
 */
export function compile<Input extends BaseInput>(runbook: Runbook<Input>, options: CompileOptions<Input>): Json {
  const events = historyBound(runbook, options.input)
  if (events >= MAX_HISTORY_EVENTS) {
    throw new Error(
      `runbook '${runbook.name}' may produce ${events} history events, fewer than ${MAX_HISTORY_EVENTS} are allowed; poll less often, shorten a timeout, or move the wait into a child execution`,
    )
  }
  const unheld = runbook.steps.find(({ privilege }) => options.functionArns[privilege] === undefined)
  if (unheld)
    throw new Error(
      `no function holds the privilege '${unheld.privilege}' that step '${unheld.id}' of '${runbook.name}' needs`,
    )
  const forward = runbook.steps.map((step): Stop => ({ cursor: step.id, title: step.title, step }))
  const back = runbook.steps.flatMap((step): Stop[] =>
    'run' in step.undo ? [{ cursor: `undo:${step.id}`, title: `Undo: ${step.title}`, step }] : [],
  )
  const stops = [...forward, ...back]
  for (const { title } of stops) {
    if (pauseAt(title).length > MAX_NAME || routeAfter(title).length > MAX_NAME)
      throw new Error(
        `the title '${title}' makes a state name longer than ${MAX_NAME} characters; shorten the title of the step`,
      )
  }
  return {
    Comment: runbook.purpose,
    QueryLanguage: 'JSONPath',
    StartAt: titleOf(stops[0]),
    States: {
      ...Object.assign({}, ...stops.map((stop) => statesOf(stop, stops, options.functionArns))),
      [OUTCOME]: {
        Type: 'Choice',
        Choices: [{ Variable: '$.outcome', StringEquals: 'succeeded', Next: SUCCEEDED }],
        Default: STOPPED,
      },
      [SUCCEEDED]: { Type: 'Succeed' },
      [STOPPED]: { Type: 'Fail', Error: 'StoppedSafely', CausePath: '$.stoppedBy.code' },
      [LOST]: { Type: 'Fail', Error: 'CursorUnknown', CausePath: '$.cursor.state' },
    },
  }
}

/** Longest state name: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html */
const MAX_NAME = 80

const routeAfter = (title: string): string => `After: ${title}`
const pauseAt = (title: string): string => `Wait: ${title}`

/** One place the cursor can be at: a step, or the undo of one. */
interface Stop {
  readonly cursor: string
  readonly title: string
  // The input's type does not matter for the drawing.
  readonly step: Pick<Step<never>, 'privilege'>
}

const OUTCOME = 'How did it end?'
const SUCCEEDED = 'Succeeded'
const STOPPED = 'Stopped safely'
const LOST = 'Cursor names no step'

/** A task that advances the run once, then to wherever the cursor points. */
function statesOf(
  stop: Stop,
  stops: readonly Stop[],
  arns: CompileOptions<never>['functionArns'],
): Record<string, Json> {
  const route = routeAfter(stop.title)
  const pause = pauseAt(stop.title)
  return {
    [stop.title]: {
      Type: 'Task',
      Resource: arns[stop.step.privilege]!,
      TimeoutSeconds: 900,
      Retry: RETRY,
      Next: route,
    },
    [route]: {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.cursor.waitSeconds', NumericGreaterThan: 0 },
            { Variable: '$.cursor.state', StringEquals: stop.cursor },
          ],
          Next: pause,
        },
        ...stops.map(({ cursor, title }) => ({ Variable: '$.cursor.state', StringEquals: cursor, Next: title })),
        { Variable: '$.cursor.state', StringEquals: 'end', Next: OUTCOME },
      ],
      Default: LOST,
    },
    [pause]: { Type: 'Wait', SecondsPath: '$.cursor.waitSeconds', Next: stop.title },
  }
}

const titleOf = (stop: Stop | undefined): string => {
  if (!stop) throw new Error('a runbook needs at least one step')
  return stop.title
}

/**
 * Failures of the Lambda service and of the journal, never of a step: those the reducer has already judged. Advancing
 * again from the same state is safe. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const RETRY: Json = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 5 }]
