import type { MemoryWorld } from '../../../adapters/memory/world'
import { answerApproval } from '../../../core/coordination/approvals'
import { enterRun } from '../../../core/coordination/run-journal'
import { drive } from '../../../core/runbook/engine'
import { PRIVILEGES, type RunState } from '../../../core/runbook/model'
import { regionFailover } from '../../../core/runbook/region-failover'
import type { MoveInput } from '../../../core/runbook/steps/input'
import { newRun, type NewRun } from '../../../core/runbook/reducer'
import { failover, world } from './failover'
import { bundledHandlers, portsOf, synthesizedDefinition, type Definition, type Handler } from './state-machine'

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

interface Scenario {
  readonly name: string
  readonly prepare: (around: MemoryWorld) => void
  readonly run?: NewRun<MoveInput>
  readonly world?: Parameters<typeof world>[0]
  readonly ends: string
}

const manual = failover({ operation: 'approval' })
const failing =
  (call: string, fault: 'throttled' | 'denied', times = Infinity) =>
  (around: MemoryWorld) => {
    let left = times
    around.recorder.faultOf = (made) => (made === call && left-- > 0 ? fault : undefined)
  }
const answered = (approve: boolean) => (around: MemoryWorld) => {
  const sleep = around.clock.sleep.bind(around.clock)
  around.clock.sleep = async (ms) => {
    await sleep(ms)
    for await (const { key } of around.stores.recovery.list('approvals/')) {
      const question = key.slice('approvals/'.length)
      await answerApproval(around.stores.recovery, question, { by: 'ana', approve }, around.clock.now()).catch(() => {})
    }
  }
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'success by lease', prepare: () => {}, ends: 'succeeded' },
  { name: 'success by fence', prepare: (around) => void (around.fence = 'reachable'), ends: 'succeeded' },
  { name: 'a retry that helps', prepare: failing('database.proveWrite', 'throttled', 2), ends: 'succeeded' },
  {
    name: 'retries that do not',
    prepare: failing('database.proveWrite', 'throttled'),
    ends: 'prove INJECTED_THROTTLED',
  },
  { name: 'a timeout', prepare: () => {}, world: { promotionSeconds: 10_000 }, ends: 'promote TIMEOUT' },
  { name: 'a safe stop', prepare: (around) => void (around.verdict = 'fail'), ends: 'validate DATA_INVALID' },
  {
    name: 'an undo',
    prepare: (around) => void (around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }),
    ends: 'confirm STILL_WRITING',
  },
  {
    name: 'an application that takes its time',
    prepare: () => {},
    world: { applicationStartSeconds: 7 },
    ends: 'succeeded',
  },
  {
    name: 'an application that never gets well',
    prepare: (around) => void (around.application.sound = false),
    ends: 'serve TIMEOUT',
  },
  {
    name: 'an application that nobody may bring up',
    prepare: failing('application.bringUp', 'denied'),
    ends: 'serve TIMEOUT',
  },
  { name: 'an approval', prepare: answered(true), run: manual, ends: 'succeeded' },
  { name: 'a declined approval', prepare: answered(false), run: manual, ends: 'decide APPROVAL_DECLINED' },
  { name: 'an expired approval', prepare: () => {}, run: manual, ends: 'decide APPROVAL_EXPIRED' },
  { name: 'a dry run', prepare: () => {}, run: { ...failover(), mode: 'dry-run' }, ends: 'succeeded' },
]

/** Every request to a port with what it was given: steps, attempts, statuses and keys are in the journal's writes. */
interface Trace {
  readonly requests: MemoryWorld['recorder']['requests']
  readonly effects: readonly string[]
  readonly end: RunState<MoveInput>
}

const traceOf = (around: MemoryWorld, end: RunState<MoveInput>): Trace => ({
  requests: around.recorder.requests,
  effects: around.effects,
  end,
})

async function prepared({ prepare, world: settings }: Scenario): Promise<MemoryWorld> {
  const around = await world(settings)
  prepare(around)
  return around
}

async function byEngine(scenario: Scenario): Promise<Trace> {
  const around = await prepared(scenario)
  return traceOf(around, await drive(regionFailover, around.ports(), scenario.run ?? failover()))
}

async function byStateMachine(
  scenario: Scenario,
  definition: Definition,
  handlers: ReadonlyMap<string, Handler>,
): Promise<Trace & { readonly waits: number; readonly waitsEntered: number }> {
  const around = await prepared(scenario)
  const ports = around.ports()
  globalThis.equalityPorts = (privilege) => portsOf(privilege, ports)
  const initial = newRun(regionFailover, scenario.run ?? failover(), around.clock.now())
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
  const state = end as RunState<MoveInput>
  expect(await verdict).toContain(state.stoppedBy?.code ?? 'succeeded')
  return { ...traceOf(around, state), waits, waitsEntered }
}

describe('the deployed state machine and the local engine', () => {
  let definition: Definition
  let handlers: ReadonlyMap<string, Handler>
  beforeAll(async () => {
    definition = synthesizedDefinition()
    handlers = await bundledHandlers(PRIVILEGES)
  }, 60_000)
  beforeEach(() => void jest.spyOn(process.stdout, 'write').mockImplementation(() => true))
  afterEach(() => void jest.restoreAllMocks())

  it.each(SCENARIOS)('do the same in $name', async (scenario) => {
    const engine = await byEngine(scenario)
    const { waits, waitsEntered, ...machine } = await byStateMachine(scenario, definition, handlers)
    expect(machine.requests).toEqual(engine.requests)
    expect(machine).toEqual(engine)
    expect(waitsEntered).toBe(waits)
    const { outcome, stoppedBy } = engine.end
    expect(stoppedBy ? `${stoppedBy.step} ${stoppedBy.code}` : outcome).toBe(scenario.ends)
  })
})
