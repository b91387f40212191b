type Pattern = Readonly<Record<string, unknown>>

/**
 * Whether an event matches a pattern of EventBridge, for the operators that our patterns use; throws for any other one.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: object, event: unknown): boolean {
  const fields = isObject(event) ? event : {}
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return (wanted as Pattern[]).some((one) => matches(one, event))
    const value = fields[field]
    return Array.isArray(wanted) ? wanted.some((one) => accepts(one, value)) : matches(wanted as Pattern, value)
  })
}

function accepts(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return value === wanted
  const [[operator, operand] = ['', undefined]] = Object.entries(wanted)
  switch (operator) {
    case 'exists':
      return operand === (value !== undefined)
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand))
    case 'wildcard':
      return typeof value === 'string' && wildcard(String(operand)).test(value)
    case 'anything-but':
      // A field that is not there matches nothing but `exists: false`.
      return value !== undefined && ![operand].flat().some((one) => accepts(one, value))
    case 'numeric': {
      const [comparison, number] = operand as [string, number]
      if (comparison !== '>=' && comparison !== '<')
        throw new Error(`the test knows no comparison '${comparison}'; add it`)
      return typeof value === 'number' && (comparison === '<' ? value < number : value >= number)
    }
    default:
      throw new Error(`the test knows no operator '${operator}'; add it`)
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wildcard = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')}$`)
