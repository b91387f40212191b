import type { Json } from '../../json'
import type { Policy } from '../../policy'
import type { Resource, StackTemplate } from '../assembly'
import { valuesAt, type Found } from '../values-at'

/** How far a demand is shown to be kept. What only a running AWS account could show is in none of these. */
export type Proof = 'template' | 'template, and run on emulators' | 'template, and rehearsed on a real PostgreSQL'

/** One demand of the procedure, and the property of a resource that keeps it. */
export interface Trace {
  readonly demand: string
  /** Kind of stack, with the role of its region where only one has it, such as `database-primary`. */
  readonly stack: string
  readonly type: string
  /** What the name of the resource ends with or holds, where a stack has several of a type. */
  readonly named?: { readonly property: string; readonly holds: string }
  readonly path: string
  /** What every value has to be; there has to be one. */
  readonly wanted: Wanted
  readonly proof: Proof
}

export interface Wanted {
  readonly words: string
  test(value: Json, policy: Policy): boolean
}

/** A demand that no resource keeps, and who does, or why nobody. */
export interface Untraced {
  readonly demand: string
  readonly because: string
}

/** A resource that answers for a demand, with everything it has at the path. */
export interface Answer {
  readonly stack: string
  readonly id: string
  readonly found: readonly Found[]
}

/** Every resource that a trace speaks of, also one that has nothing at the path. */
export const answersOf = ({ stack, type, named, path }: Trace, stacks: readonly StackTemplate[]): Answer[] =>
  stacks
    .filter((one) => `${one.stack}-`.includes(`-${stack}-`))
    .flatMap((one) =>
      Object.entries(one.resources)
        .filter(([, { Type }]) => Type === type)
        .filter(([, { Properties }]) => !named || textAt(Properties, named.property).includes(named.holds))
        .map(([id, { Properties }]) => ({ stack: one.stack, id, found: valuesAt(Properties, path) })),
    )

/** Why a demand is not kept; an empty list where it is: by each resource, and there has to be one. */
export function broken(trace: Trace, stacks: readonly StackTemplate[], policy: Policy): string[] {
  const { path, wanted } = trace
  const answers = answersOf(trace, stacks)
  if (answers.length === 0) return [`no ${trace.type} stands in ${trace.stack}`]
  return answers.flatMap(({ stack, id, found }) =>
    found.length === 0
      ? [`${stack}/${id} has no ${path}`]
      : found
          .filter(({ value }) => !wanted.test(value, policy))
          .map((one) => `${stack}/${id} ${one.path} is ${JSON.stringify(one.value)}, not ${wanted.words}`),
  )
}

const textAt = (properties: Resource['Properties'], name: string): string => {
  const value = properties?.[name]
  return typeof value === 'string' ? value : ''
}
