import { isJsonObject, type Json } from '../../json'
import type { Policy } from '../../policy'
import type { Resource, StackTemplate } from '../assembly'
import { valuesAt, type Found } from '../values-at'

/** How far a demand is shown to be kept. What only a running AWS account could show is in none of these. */
export type Proof = 'template' | 'template, and run on emulators' | 'template, and rehearsed on a real PostgreSQL'

/** The test that reads every trace in the templates and sees it broken, under the name of the demand. */
export const TRACE_TEST = 'test/invariants/traceability.test.ts'

/** One demand of the procedure, and the property of a resource that keeps it. */
export interface Trace {
  readonly demand: string
  /** Kind of stack, with the role of its region where only one has it, such as `database-primary`. */
  readonly stack: string
  readonly type: string
  /** What the name of the resource holds, or is, where a stack has several of a type. */
  readonly named?: { readonly property: string } & ({ readonly holds: string } | { readonly is: string | RegExp })
  /** Only resources that have something here; there has to be one. */
  readonly having?: string
  /**
   * Every `*` asks each entry: one of a list that has nothing here breaks the demand, as does a statement that allows. What
   * a statement denies is not asked.
   */
  readonly path: string
  /** What every value has to be; there has to be one. */
  readonly wanted: Wanted
  readonly proof: Proof
  /** Tests beside `TRACE_TEST` that carry the proof. @default none */
  readonly alsoBy?: readonly string[]
}

export interface Wanted {
  readonly words: string
  test(value: Json, policy: Policy): boolean
}

/** A demand that no resource keeps, and who does, or why nobody. */
export interface Untraced {
  readonly demand: string
  readonly because: string
  /** The test that holds whoever keeps it. @default none */
  readonly test?: string
}

/** A resource that answers for a demand, with everything it has at the path. */
export interface Answer {
  readonly stack: string
  readonly id: string
  readonly found: readonly Found[]
  /** Entries that have nothing at the rest of the path. */
  readonly without: readonly string[]
}

/** Every resource that a trace speaks of, also one that has nothing at the path. */
export const answersOf = ({ stack, type, named, having, path }: Trace, stacks: readonly StackTemplate[]): Answer[] =>
  stacks
    .filter((one) => `${one.stack}-`.includes(`-${stack}-`))
    .flatMap((one) =>
      Object.entries(one.resources)
        .filter(([, { Type }]) => Type === type)
        .filter(([, { Properties }]) => !named || isNamed(named, Properties))
        .filter(([, { Properties }]) => having === undefined || valuesAt(Properties, having).length > 0)
        .map(([id, { Properties }]) => ({
          stack: one.stack,
          id,
          found: valuesAt(Properties, path).filter((at) => !isDenied(Properties, at)),
          without: entriesWithout(Properties, path),
        })),
    )

/** Why a demand is not kept; an empty list where it is: by each resource, and there has to be one. */
export function broken(trace: Trace, stacks: readonly StackTemplate[], policy: Policy): string[] {
  const { path, wanted } = trace
  const answers = answersOf(trace, stacks)
  if (answers.length === 0) return [`no ${trace.type} stands in ${trace.stack}`]
  return answers.flatMap(({ stack, id, found, without }) => {
    if (found.length === 0) return [`${stack}/${id} has no ${path}`]
    return [
      ...without.map((entry) => `${stack}/${id} ${entry} has nothing of ${path}`),
      ...found
        .filter(({ value }) => !wanted.test(value, policy))
        .map((one) => `${stack}/${id} ${one.path} is ${JSON.stringify(one.value)}, not ${wanted.words}`),
    ]
  })
}

/** Each entry that a `*` stands for and that leads nowhere. */
function entriesWithout(properties: Resource['Properties'], path: string): string[] {
  const steps = path.split('.')
  return steps.flatMap((step, at) => {
    const rest = steps.slice(at + 1).join('.')
    if (step !== '*' || rest === '') return []
    return valuesAt(properties, steps.slice(0, at + 1).join('.'))
      .filter(({ value }) => !denies(value) && valuesAt(value, rest).length === 0)
      .map((entry) => entry.path)
  })
}

/** Whether a place lies in a statement that denies. */
const isDenied = (properties: Resource['Properties'], { steps }: Found): boolean => {
  let at: Json | undefined = properties
  return steps.some((step) => {
    at = Array.isArray(at) ? (at as readonly Json[])[Number(step)] : isJsonObject(at) ? at[String(step)] : undefined
    return denies(at)
  })
}

const denies = (value: Json | undefined): boolean => isJsonObject(value) && value['Effect'] === 'Deny'

function isNamed(named: NonNullable<Trace['named']>, properties: Resource['Properties']): boolean {
  const value = properties?.[named.property]
  if (typeof value !== 'string') return false
  if ('holds' in named) return value.includes(named.holds)
  return typeof named.is === 'string' ? value === named.is : named.is.test(value)
}
