import type { ZodType } from 'zod'
import { valueAt } from './at-path'
import { RULES } from './rules'
import { policySchema, type Policy } from './schema'

/** One thing that is wrong with a policy: where, what, and how to put it right. */
export interface PolicyProblem {
  readonly path: string
  readonly problem: string
  readonly fix: string
  /** Rule that found it; `schema` for a wrong shape. */
  readonly rule: string
}

export class PolicyError extends Error {
  constructor(readonly problems: readonly PolicyProblem[]) {
    super(
      [
        `the policy has ${problems.length} problem${problems.length === 1 ? '' : 's'}:`,
        ...problems.map((p) => `  ${p.path}: ${p.problem}; ${p.fix} [${p.rule}]`),
      ].join('\n'),
    )
    this.name = 'PolicyError'
  }
}

/** Checks the shape first, then every rule, and throws all problems at once. */
export function parsePolicy(input: unknown): Policy {
  const policy = parseShape(policySchema, input, 'see `recovery policy explain` for what belongs here')
  const problems = RULES.flatMap((rule) => rule.check(policy).map((found) => ({ ...found, rule: rule.id })))
  if (problems.length > 0) throw new PolicyError(problems)
  return policy
}

/** Checks the shape alone, of the policy or of what it is made from, and throws all problems at once. */
export function parseShape<T>(schema: ZodType<T>, input: unknown, fix: string): T {
  // Each shape is checked once in a process: writing code for that costs more than it saves.
  const parsed = schema.safeParse(input, { jitless: true })
  if (parsed.success) return parsed.data
  throw new PolicyError(
    parsed.error.issues.map(({ path, message }) => ({
      path: path.join('.') || '(whole policy)',
      problem: `${message}, got ${shorten(valueAt(input, path))}`,
      fix,
      rule: 'schema',
    })),
  )
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
