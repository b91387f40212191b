import type { FakeStack } from './cloudformation'

interface ChangeSet {
  readonly stack: string
  readonly template: object
  readonly tags: Readonly<Record<string, string>>
  /** Looks that still find it being compared. */
  looks: number
}
type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>
type Answered = { readonly action: string; readonly result: string } | { readonly error: string }

/**
 * Change sets as CloudFormation makes them: compared for a while, refused where nothing changes, executed once, and gone with
 * the execution (API reference, CreateChangeSet, DescribeChangeSet and ExecuteChangeSet).
 */
export class ChangeSets {
  /** Looks until templates are compared. */
  comparing = 1
  /** No comparison comes to an end. */
  failing = false
  /** `Type.Property` whose change replaces a resource. */
  readonly replacing = new Set<string>()
  /** Updates that were begun, by stack. */
  readonly executed: string[] = []
  private readonly held = new Map<string, ChangeSet>()

  constructor(
    private readonly stacks: Map<string, FakeStack>,
    private readonly objectAt: (path: string) => string | undefined,
  ) {}

  /** Every update that is under way ends well. */
  settle(): void {
    for (const stack of this.stacks.values())
      if (stack.status === 'UPDATE_IN_PROGRESS') stack.status = 'UPDATE_COMPLETE'
  }

  answer(action: string, stack: string, query: URLSearchParams): Answered {
    const name = `${stack} ${query.get('ChangeSetName')}`
    const found = this.held.get(name)
    if (action === 'CreateChangeSet') return this.create(stack, name, query)
    if (!found) return { error: 'ChangeSetNotFound' }
    switch (action) {
      case 'DescribeChangeSet':
        return { action, result: this.describe(found, Number(query.get('NextToken') ?? 0)) }
      case 'DeleteChangeSet':
        this.held.delete(name)
        return { action, result: '' }
      case 'ExecuteChangeSet':
        return this.execute(found)
      default:
        return { error: 'InvalidAction' }
    }
  }

  private create(stack: string, name: string, query: URLSearchParams): Answered {
    const standing = this.stacks.get(stack)
    if (!standing) return { error: 'ValidationError' }
    if (this.held.has(name)) return { error: 'AlreadyExistsException' }
    const url = new URL(query.get('TemplateURL') ?? 'https://nowhere.invalid/')
    const text = this.objectAt(`${url.hostname.split('.')[0]}${url.pathname}`)
    if (text === undefined) return { error: 'ValidationError' }
    const template = JSON.parse(text) as object
    // A parameter that the template does not declare is refused.
    const declared = Object.keys((template as { Parameters?: object }).Parameters ?? {})
    if (numbered(query, 'Parameters.member', 'ParameterKey').some((key) => !declared.includes(key)))
      return { error: 'ValidationError' }
    const keys = numbered(query, 'Tags.member', 'Key')
    const values = numbered(query, 'Tags.member', 'Value')
    const tags = Object.fromEntries(keys.map((key, i) => [key, values[i] ?? '']))
    this.held.set(name, { stack, template, tags, looks: this.comparing })
    return { action: 'CreateChangeSet', result: `<Id>${name}</Id>` }
  }

  private describe(set: ChangeSet, at: number): string {
    set.looks -= 1
    if (set.looks >= 0) return '<Status>CREATE_IN_PROGRESS</Status>'
    const standing = this.stacks.get(set.stack)!
    const same = JSON.stringify([standing.template, standing.tags]) === JSON.stringify([set.template, set.tags])
    if (this.failing || same)
      return "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes.</StatusReason>"
    const changes = this.changes(resourcesOf(standing.template), resourcesOf(set.template))
    // One on each page, so that whoever asks has to go on.
    const next = at + 1 < changes.length ? `<NextToken>${at + 1}</NextToken>` : ''
    return `<Status>CREATE_COMPLETE</Status>${next}<Changes>${changes.slice(at, at + 1).join('')}</Changes>`
  }

  private changes(now: Resources, wanted: Resources): string[] {
    return [...new Set([...Object.keys(now), ...Object.keys(wanted)])].flatMap((id) => {
      const [before, after] = [now[id], wanted[id]]
      const type = (before ?? after)!.Type
      if (!after) return [change('Remove', id, type)]
      if (!before) return [change('Add', id, type)]
      const was = Object.entries(before.Properties ?? {})
      const is = new Map(Object.entries(after.Properties ?? {}))
      const other = was.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(is.get(name)))
      if (other.length === 0) return []
      const replaces = other.some(([name]) => this.replacing.has(`${type}.${name}`))
      return [change('Modify', id, type, replaces ? 'True' : 'False')]
    })
  }

  private execute({ stack, template, tags }: ChangeSet): Answered {
    const standing = this.stacks.get(stack)!
    if (standing.status === 'UPDATE_IN_PROGRESS') return { error: 'InvalidChangeSetStatus' }
    Object.assign(standing, { template, tags, status: 'UPDATE_IN_PROGRESS' })
    for (const [name, set] of this.held) if (set.stack === stack) this.held.delete(name)
    this.executed.push(stack)
    return { action: 'ExecuteChangeSet', result: '' }
  }
}

const resourcesOf = (template: object): Resources => (template as { Resources?: Resources }).Resources ?? {}

const change = (action: string, id: string, type: string, replacement?: string): string =>
  `<member><Type>Resource</Type><ResourceChange><Action>${action}</Action><LogicalResourceId>${id}</LogicalResourceId>` +
  `<ResourceType>${type}</ResourceType>${replacement ? `<Replacement>${replacement}</Replacement>` : ''}</ResourceChange></member>`

const numbered = (query: URLSearchParams, list: string, field: string): string[] =>
  [...query].flatMap(([name, value]) => (name.startsWith(`${list}.`) && name.endsWith(`.${field}`) ? [value] : []))
