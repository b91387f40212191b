import { xml, type Call, type Service } from './wire'

/** Says who the caller is: an ARN that the test chooses. */
export class FakeSts implements Service {
  caller = 'arn:aws:iam::333344445555:user/nobody'

  action = ({ body }: Omit<Call, 'action'>) => `sts:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ action }: Call) {
    if (action !== 'sts:GetCallerIdentity') return this.error('InvalidAction')
    return xml(
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${this.caller}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    )
  }
}
