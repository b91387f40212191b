import { isJsonObject, type Json } from '../../core/json'
import type { Handler } from './functions'

interface Execution {
  readonly name: string
  readonly startedAt: string
}

/**
 * Runs a definition of a plan, a map over it and an end, with a handler as its only function: the little of the Amazon States
 * Language that the comparison of a replica uses, one item after the other.
 */
export async function runMachine(definition: Json, handler: Handler, execution: Execution): Promise<Json> {
  const { StartAt, States } = definition as unknown as Machine
  return walk(StartAt, States, {}, { handler, execution })
}

interface Machine {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
}
interface State {
  readonly Type: 'Task' | 'Map' | 'Pass'
  readonly Parameters?: Json
  readonly ItemsPath?: string
  readonly ItemSelector?: Json
  readonly ItemProcessor?: Machine
  readonly ResultPath?: string
  readonly Result?: Json
  readonly Catch?: readonly { readonly Next: string }[]
  readonly Next?: string
  readonly End?: boolean
}
interface Run {
  readonly handler: Handler
  readonly execution: Execution
  readonly item?: Json
}

async function walk(start: string, states: Machine['States'], input: Json, run: Run): Promise<Json> {
  let [name, data] = [start, input]
  for (;;) {
    const state: State = states[name]!
    try {
      data = await step(state, data, run)
    } catch (error) {
      const [caught] = state.Catch ?? []
      if (!caught) throw error
      name = caught.Next
      continue
    }
    if (state.End) return data
    name = state.Next!
  }
}

async function step(state: State, data: Json, run: Run): Promise<Json> {
  if (state.Type === 'Pass') return state.Result!
  const passed = state.Parameters ? filled(state.Parameters, data, run) : data
  if (state.Type === 'Task') return JSON.parse(JSON.stringify(await run.handler(passed))) as Json
  const results: Json[] = []
  for (const item of listOf(found(state.ItemsPath, data, run))) {
    const selected = filled(state.ItemSelector!, data, { ...run, item })
    const { StartAt, States } = state.ItemProcessor!
    results.push(await walk(StartAt, States, selected, run))
  }
  return { ...(data as object), [state.ResultPath!.slice(2)]: results }
}

function listOf(value: Json): readonly Json[] {
  if (!Array.isArray(value)) throw new Error('a map goes over a list')
  return value
}

/** Values of names that end with `.$` are looked up. */
function filled(template: Json, data: Json, run: Run): Json {
  if (!isJsonObject(template)) return template
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$') ? [name.slice(0, -2), found(value, data, run)] : [name, filled(value, data, run)],
    ),
  )
}

function found(path: Json | undefined, data: Json, { execution, item }: Run): Json {
  if (typeof path !== 'string') throw new Error('a path is a text')
  const known: Readonly<Record<string, Json | undefined>> = {
    '$$.Execution.Name': execution.name,
    '$$.Execution.StartTime': execution.startedAt,
    '$$.Map.Item.Value': item,
  }
  const value = known[path] ?? (data as Record<string, Json>)[path.slice(2)]
  if (value === undefined) throw new Error(`nothing is at '${path}'`)
  return value
}
