import type { Policy } from '../schema'

/** What a rule found; the registry adds its id. */
export interface Finding {
  readonly path: string
  readonly problem: string
  readonly fix: string
}

/** One promise the policy has to keep, named by what it promises. */
export interface Rule {
  readonly id: string
  readonly promise: string
  /** Paths the rule reads: two or more make it a cross-field rule. */
  readonly reads: readonly string[]
  check(policy: Policy): readonly Finding[]
}

/** A finding where the condition holds, nothing otherwise. */
export const when = (broken: boolean, path: string, problem: string, fix: string): readonly Finding[] =>
  broken ? [{ path, problem, fix }] : []
