import type { Policy } from '../schema'

/** What a rule found; the registry adds its id. */
export interface Finding {
  readonly path: string
  readonly problem: string
  readonly fix: string
}

type Check = (policy: Policy) => readonly Finding[]

/** One promise the policy has to keep: the function that looks for what breaks it, and what it says about itself. */
export interface Rule extends Check {
  readonly promise: string
  /** Paths the rule reads: two or more make it a cross-field rule. */
  readonly reads: readonly string[]
}

/** Rules by id; a rule is named by what it promises. */
export type Rules = Readonly<Record<string, Rule>>

export const rule = (promise: string, reads: readonly string[], check: Check): Rule =>
  Object.assign(check, { promise, reads })

/** A finding where the condition holds, nothing otherwise. */
export const when = (broken: boolean, path: string, problem: string, fix: string): readonly Finding[] =>
  broken ? [{ path, problem, fix }] : []

/** What a computation gives; undefined where it cannot be made of what the policy says, which a rule of its own reports. */
export function safely<T>(compute: () => T): T | undefined {
  try {
    return compute()
  } catch {
    return undefined
  }
}
