import { xml, type Answer, type Call, type Service } from './wire'

/** Stacks by `region/name`, each with the template that it was last deployed with. */
export class FakeCloudFormation implements Service {
  readonly stacks = new Map<string, { readonly status: string; readonly template: object }>()

  action = ({ body }: Omit<Call, 'action'>) => `cloudformation:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ action, body, region }: Call): Answer {
    const query = new URLSearchParams(body)
    if (action === 'cloudformation:GetTemplate') {
      const held = this.stacks.get(`${region}/${query.get('StackName')}`)
      return held
        ? xml(
            `<GetTemplateResponse><GetTemplateResult><TemplateBody>${escaped(JSON.stringify(held.template))}</TemplateBody></GetTemplateResult></GetTemplateResponse>`,
          )
        : this.error('ValidationError')
    }
    if (action !== 'cloudformation:ListStacks') return this.error('InvalidAction')
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
    return xml(
      `<ListStacksResponse><ListStacksResult>${next}<StackSummaries>${members.join('')}</StackSummaries></ListStacksResult></ListStacksResponse>`,
    )
  }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
