import type { MemoryWorld } from '../../../adapters/memory/world'
import { enterRun } from '../../../core/coordination/run-journal'
import { drive } from '../../../core/runbook/engine'
import { PRIVILEGES, type RunState } from '../../../core/runbook/model'
import { newRun } from '../../../core/runbook/reducer'
import { RUNBOOKS } from '../../../core/runbook/runbooks'
import { REHEARSALS, runOf, worldOf, type Rehearsal, type Scenario } from './rehearsals'
import { bundledHandlers, portsOf, synthesizedDefinitions, type Definition, type Handler } from './state-machine'

/** Node 20 lacks what the interpreter needs. */
;(Promise as { withResolvers?: unknown }).withResolvers ??= function withResolvers<T>() {
  let resolve: unknown
  let reject: unknown
  const promise = new Promise<T>((yes, no) => ((resolve = yes), (reject = no)))
  return { promise, resolve, reject }
}

interface Interpreter {
  new (definition: unknown): {
    run(
      input: unknown,
      options: unknown,
    ): { result: Promise<unknown>; eventLogs: AsyncIterable<{ type: string; state?: { type: string } }> }
  }
}
const { StateMachine } = require('aws-local-stepfunctions') as { StateMachine: Interpreter }

/** Every request to a port with what it was given: steps, attempts, statuses and keys are in the journal's writes. */
interface Trace {
  readonly requests: MemoryWorld['recorder']['requests']
  readonly effects: readonly string[]
  readonly end: RunState
}

const traceOf = (around: MemoryWorld, end: RunState): Trace => ({
  requests: around.recorder.requests,
  effects: around.effects,
  end,
})

async function byEngine(rehearsal: Rehearsal, scenario: Scenario): Promise<Trace> {
  const around = await worldOf(rehearsal, scenario)
  return traceOf(around, await drive(rehearsal.runbook, around.ports(), runOf(rehearsal, scenario)))
}

async function byStateMachine(
  rehearsal: Rehearsal,
  scenario: Scenario,
  definition: Definition,
  handlers: ReadonlyMap<string, Handler>,
): Promise<Trace & { readonly waits: number; readonly waitsEntered: number }> {
  const around = await worldOf(rehearsal, scenario)
  const ports = around.ports()
  globalThis.equalityPorts = (privilege) => portsOf(privilege, ports)
  const initial = newRun(rehearsal.runbook, runOf(rehearsal, scenario), around.clock.now())
  // As the desk does, before it starts the machine.
  if (initial.mode !== 'dry-run') await enterRun(ports.coordination.recovery, initial)
  let end: unknown
  let waits = 0
  const states = Object.entries(definition.States)
  const tasks = states.flatMap(([name, { Resource }]) => {
    const privilege = PRIVILEGES.find((candidate) => Resource?.endsWith(`runbook-${candidate}`))
    if (!privilege) return []
    const task = async (input: unknown) => {
      const output = await handlers.get(privilege)!(input)
      end = output
      const { waitSeconds } = output.cursor
      if (waitSeconds > 0) waits++
      // The interpreter goes through its Wait state at once; the time it stands for passes here.
      if (waitSeconds > 0) await around.clock.sleep(waitSeconds * 1000)
      return output
    }
    return [[name, task] as const]
  })
  const execution = new StateMachine(definition).run(JSON.parse(JSON.stringify(initial)), {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(tasks),
      waitTimeOverrides: Object.fromEntries(states.flatMap(([name, { Type }]) => (Type === 'Wait' ? [[name, 0]] : []))),
      retryIntervalOverrides: Object.fromEntries(states.flatMap(([name, { Retry }]) => (Retry ? [[name, 0]] : []))),
    },
  })
  const verdict = execution.result.then(
    () => 'succeeded',
    (error: Error) => error.message,
  )
  let waitsEntered = 0
  for await (const { type, state } of execution.eventLogs)
    if (type === 'StateEntered' && state?.type === 'Wait') waitsEntered++
  const state = end as RunState
  expect(await verdict).toContain(state.stoppedBy?.code ?? 'succeeded')
  return { ...traceOf(around, state), waits, waitsEntered }
}

const CASES = REHEARSALS.flatMap((rehearsal) =>
  rehearsal.scenarios.map((scenario) => ({
    title: `${rehearsal.runbook.name}: ${scenario.name}`,
    rehearsal,
    scenario,
  })),
)

describe('the deployed state machine and the local engine', () => {
  let definitions: ReadonlyMap<string, Definition>
  let handlers: ReadonlyMap<string, Handler>
  beforeAll(async () => {
    definitions = synthesizedDefinitions()
    handlers = await bundledHandlers(PRIVILEGES)
  }, 300_000)
  beforeEach(() => void jest.spyOn(process.stdout, 'write').mockImplementation(() => true))
  afterEach(() => void jest.restoreAllMocks())

  it('are rehearsed for every runbook, and compared with its deployed definition', () => {
    expect(REHEARSALS.map(({ runbook }) => runbook.name).toSorted()).toEqual(Object.keys(RUNBOOKS).toSorted())
    expect(Object.keys(RUNBOOKS).filter((name) => !definitions.has(name))).toEqual([])
  })

  it.each(CASES)('do the same in $title', async ({ rehearsal, scenario }) => {
    const { runbook } = rehearsal
    const definition = definitions.get(runbook.name)!
    const engine = await byEngine(rehearsal, scenario)
    const { waits, waitsEntered, ...machine } = await byStateMachine(rehearsal, scenario, definition, handlers)
    expect(machine.requests).toEqual(engine.requests)
    expect(machine).toEqual(engine)
    expect(waitsEntered).toBe(waits)
    const { outcome, stoppedBy } = engine.end
    expect(stoppedBy ? `${stoppedBy.step} ${stoppedBy.code}` : outcome).toBe(scenario.ends)
  })
})
