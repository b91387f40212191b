import { xml, type Answer, type Call, type Service } from './wire'

/** The account's credential report, roles and password policy. A report has to be made before it can be read. */
export class FakeIam implements Service {
  report = ''
  /** Requests for the report that find it still in the making. */
  reportTakes = 1
  readonly roles = new Map<string, Date | undefined>()
  /** Inline policies by `role/name`, as they were put. */
  readonly rolePolicies = new Map<string, string>()
  private passwords: ReadonlyMap<string, string> | undefined

  action = ({ body }: Omit<Call, 'action'>) => `iam:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ action, body }: Call): Answer {
    const query = new URLSearchParams(body)
    switch (action) {
      case 'iam:GenerateCredentialReport':
        this.reportTakes -= 1
        return this.ok('GenerateCredentialReport', `<State>${this.reportTakes < 0 ? 'COMPLETE' : 'STARTED'}</State>`)
      case 'iam:GetCredentialReport':
        if (this.reportTakes >= 0) return this.error('ReportInProgress', 404)
        return this.ok(
          'GetCredentialReport',
          `<Content>${Buffer.from(this.report).toString('base64')}</Content><ReportFormat>text/csv</ReportFormat>`,
        )
      case 'iam:GetRole':
        return this.role(query.get('RoleName') ?? '')
      case 'iam:PutRolePolicy':
        if (!this.roles.has(query.get('RoleName') ?? '')) return this.error('NoSuchEntity', 404)
        this.rolePolicies.set(`${query.get('RoleName')}/${query.get('PolicyName')}`, query.get('PolicyDocument') ?? '')
        return xml('<PutRolePolicyResponse/>')
      case 'iam:GetRolePolicy': {
        const held = this.rolePolicies.get(`${query.get('RoleName')}/${query.get('PolicyName')}`)
        if (held === undefined) return this.error('NoSuchEntity', 404)
        // Encoded as RFC 3986 says (API reference, GetRolePolicy).
        return this.ok(
          'GetRolePolicy',
          `<RoleName>${query.get('RoleName')}</RoleName><PolicyName>${query.get('PolicyName')}</PolicyName><PolicyDocument>${encodeURIComponent(held)}</PolicyDocument>`,
        )
      }
      case 'iam:GetAccountPasswordPolicy': {
        if (!this.passwords) return this.error('NoSuchEntity', 404)
        const members = [...this.passwords].map(([name, value]) => `<${name}>${value}</${name}>`).join('')
        return this.ok('GetAccountPasswordPolicy', `<PasswordPolicy>${members}</PasswordPolicy>`)
      }
      case 'iam:UpdateAccountPasswordPolicy': {
        // What the request leaves out falls back to the default: nothing of an older policy stays.
        const length = Number(query.get('MinimumPasswordLength') ?? 6)
        if (!(length >= 6 && length <= 128)) return this.error('ValidationError')
        this.passwords = new Map([...query].filter(([name]) => name !== 'Action' && name !== 'Version'))
        return xml('<UpdateAccountPasswordPolicyResponse/>')
      }
      default:
        return this.error('InvalidAction')
    }
  }

  private role(name: string): Answer {
    if (!this.roles.has(name)) return this.error('NoSuchEntity', 404)
    const at = this.roles.get(name)?.toISOString()
    const used = at ? `<LastUsedDate>${at}</LastUsedDate><Region>eu-west-1</Region>` : ''
    return this.ok(
      'GetRole',
      `<Role><Path>/</Path><RoleName>${name}</RoleName><RoleId>AROA</RoleId><Arn>arn:aws:iam::1:role/${name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate><RoleLastUsed>${used}</RoleLastUsed></Role>`,
    )
  }

  private ok = (call: string, result: string): Answer =>
    xml(`<${call}Response><${call}Result>${result}</${call}Result></${call}Response>`)
}
