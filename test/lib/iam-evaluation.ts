/**
 * What IAM would say, as far as the policies of this project go: identity, trust and resource policies with the operators
 * they use. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

type Values = string | readonly string[]

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: Values
  readonly Resource?: Values
  readonly Principal?: '*' | { readonly AWS?: Values; readonly Service?: Values }
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>
}

export interface Call {
  /** ARN of the role, user or service that calls. */
  readonly principal: string
  readonly action: string
  /** @default any: a policy of a resource is about that resource */
  readonly resource?: string
  /** Condition keys of the request; one that is not named is absent. */
  readonly context?: Readonly<Record<string, Values>>
}

/** `none`: nothing allows it, nothing denies it. */
export type Verdict = 'allow' | 'deny' | 'none'

export function verdict(statements: readonly Statement[], call: Call): Verdict {
  const about = statements.filter((statement) => isAbout(statement, call))
  if (about.some(({ Effect }) => Effect === 'Deny')) return 'deny'
  return about.length > 0 ? 'allow' : 'none'
}

/** A call within one account that needs both: the caller's own policy and the one of what is called, as a key and a role do. */
export const allowedByBoth = (identity: readonly Statement[], resource: readonly Statement[], call: Call): boolean =>
  verdict(identity, call) === 'allow' && verdict(resource, call) === 'allow'

const list = (values: Values | undefined): readonly string[] => (values === undefined ? [] : [values].flat())

function isAbout({ Action, Resource, Principal, Condition = {} }: Statement, call: Call): boolean {
  return (
    list(Action).some((pattern) => like(pattern, call.action)) &&
    (Resource === undefined ||
      call.resource === undefined ||
      list(Resource).some((pattern) => like(pattern, call.resource!))) &&
    (Principal === undefined || isPrincipal(Principal, call.principal)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, list(wanted), contextOf(call)[key])),
    )
  )
}

const contextOf = ({ principal, context }: Call): Readonly<Record<string, Values | undefined>> => ({
  'aws:PrincipalArn': principal,
  ...context,
})

function isPrincipal(principal: NonNullable<Statement['Principal']>, caller: string): boolean {
  if (principal === '*') return true
  return [...list(principal.AWS), ...list(principal.Service)].some(
    (named) =>
      named === '*' ||
      named === caller ||
      // The account itself: whoever its own policies let.
      (named.endsWith(':root') && caller.startsWith(named.replace(/root$/, ''))),
  )
}

const OPERATORS: Readonly<Record<string, (wanted: string, found: string) => boolean>> = {
  StringEquals: (wanted, found) => wanted === found,
  StringLike: (wanted, found) => like(wanted, found),
  ArnEquals: (wanted, found) => like(wanted, found),
  ArnLike: (wanted, found) => like(wanted, found),
  Bool: (wanted, found) => wanted === found,
  NumericLessThan: (wanted, found) => Number(found) < Number(wanted),
}

function holds(operator: string, wanted: readonly string[], found: Values | undefined): boolean {
  // `true`: the key is absent.
  if (operator === 'Null') return wanted.every((absent) => (absent === 'true') === (found === undefined))
  const [, set, negated, name = ''] = /^(ForAllValues:|ForAnyValue:)?(?:(Arn|String)Not)?(\w+)$/.exec(operator) ?? []
  const compare = OPERATORS[negated ? `${negated}${name}` : name]
  if (!compare) throw new Error(`the condition '${operator}' is not known here; add it to test/lib/iam-evaluation.ts`)
  const one = (value: string): boolean => wanted.some((pattern) => compare(pattern, value))
  if (set === 'ForAllValues:') return list(found).every(one)
  if (found === undefined) return negated !== undefined
  return negated ? !list(found).some(one) : list(found).some(one)
}

/** `*` is anything, `?` one character. */
function like(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text)
}
export { like as matches }
