import { ChangeSets } from './change-sets'
import { xml, type Answer, type Call, type Service } from './wire'

export interface FakeStack {
  status: string
  template: object
  /** @default none */
  tags?: Readonly<Record<string, string>>
  /** Names of the parameters it was deployed with. @default none */
  parameters?: readonly string[]
}

/** Stacks by `region/name`, each with the template that it was last deployed with. */
export class FakeCloudFormation implements Service {
  readonly stacks = new Map<string, FakeStack>()
  readonly changeSets: ChangeSets

  /** Gives what lies under `bucket/key`, for the templates that a change set names. */
  constructor(objectAt: (path: string) => string | undefined) {
    this.changeSets = new ChangeSets(this.stacks, objectAt)
  }

  action = ({ body }: Omit<Call, 'action'>) => `cloudformation:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ action, body, region }: Call): Answer {
    const query = new URLSearchParams(body)
    const name = `${region}/${query.get('StackName')}`
    switch (action) {
      case 'cloudformation:GetTemplate': {
        const held = this.stacks.get(name)
        if (!held) return this.error('ValidationError')
        return result('GetTemplate', `<TemplateBody>${escaped(JSON.stringify(held.template))}</TemplateBody>`)
      }
      case 'cloudformation:DescribeStacks': {
        const held = this.stacks.get(name)
        return held ? this.described(name, held) : this.error('ValidationError')
      }
      case 'cloudformation:ListStacks':
        return this.listed(region, query)
      default: {
        const answered = this.changeSets.answer(action.replace('cloudformation:', ''), name, query)
        return 'error' in answered ? this.error(answered.error) : result(answered.action, answered.result)
      }
    }
  }

  private described(name: string, { status, tags = {}, parameters = [] }: FakeStack): Answer {
    const tagged = Object.entries(tags).map(
      ([Key, Value]) => `<member><Key>${Key}</Key><Value>${Value}</Value></member>`,
    )
    const given = parameters.map(
      (key) => `<member><ParameterKey>${key}</ParameterKey><ParameterValue>one</ParameterValue></member>`,
    )
    return result(
      'DescribeStacks',
      `<Stacks><member><StackName>${name.split('/')[1]}</StackName><StackStatus>${status}</StackStatus>` +
        `<CreationTime>2026-01-01T00:00:00Z</CreationTime><Tags>${tagged.join('')}</Tags>` +
        `<Parameters>${given.join('')}</Parameters></member></Stacks>`,
    )
  }

  private listed(region: string, query: URLSearchParams): Answer {
    const wanted = [...query].flatMap(([name, value]) => (name.startsWith('StackStatusFilter') ? [value] : []))
    const found = [...this.stacks].filter(
      ([name, { status }]) => name.startsWith(`${region}/`) && wanted.includes(status),
    )
    // One on each page, so that whoever asks has to go on.
    const at = Number(query.get('NextToken') ?? 0)
    const members = found
      .slice(at, at + 1)
      .map(
        ([name, { status }]) =>
          `<member><StackName>${name.slice(region.length + 1)}</StackName><StackStatus>${status}</StackStatus></member>`,
      )
    const next = at + 1 < found.length ? `<NextToken>${at + 1}</NextToken>` : ''
    return result('ListStacks', `${next}<StackSummaries>${members.join('')}</StackSummaries>`)
  }
}

const result = (action: string, text: string): Answer =>
  xml(`<${action}Response><${action}Result>${text}</${action}Result></${action}Response>`)

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
