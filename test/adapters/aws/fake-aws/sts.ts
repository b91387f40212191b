import { xml, type Call, type Service } from './wire'

/** Says who the caller is, an ARN that the test chooses, and opens the roles that the test names. */
export class FakeSts implements Service {
  caller = 'arn:aws:iam::333344445555:user/nobody'
  /** Roles by ARN, each with what the caller's policy and its own trust say together of taking it so. */
  readonly roles = new Map<string, (context: Readonly<Record<string, string>>) => boolean>()

  action = ({ body }: Omit<Call, 'action'>) => `sts:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ action, body }: Call) {
    if (action === 'sts:AssumeRole') return this.assume(new URLSearchParams(body))
    if (action !== 'sts:GetCallerIdentity') return this.error('InvalidAction')
    return xml(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${this.caller}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    )
  }

  private assume(query: URLSearchParams) {
    const admits = this.roles.get(query.get('RoleArn') ?? '')
    const sourceIdentity = query.get('SourceIdentity')
    const context = {
      'sts:RoleSessionName': query.get('RoleSessionName') ?? '',
      ...(sourceIdentity !== null && { 'sts:SourceIdentity': sourceIdentity }),
    }
    if (!admits?.(context)) return this.error('AccessDenied', 403)
    const seconds = Number(query.get('DurationSeconds'))
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html; an hour at most where roles are chained.
    if (!(seconds >= 900 && seconds <= 3600)) return this.error('ValidationError')
    const names = [query.get('RoleSessionName') ?? '', query.get('SourceIdentity') ?? '']
    if (!names.every((name) => /^[\w+=,.@-]{2,64}$/.test(name))) return this.error('ValidationError')
    const expires = new Date(Date.now() + seconds * 1000).toISOString()
    return xml(
      `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAFAKE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    )
  }
}
