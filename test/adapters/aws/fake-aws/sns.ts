import { xml, type Call, type Service } from './wire'

/** Topics that exist, and what was published to each, as subject and message. */
export class FakeSns implements Service {
  readonly topics = new Map<string, string[]>()

  action = ({ body }: Omit<Call, 'action'>) => `sns:${new URLSearchParams(body).get('Action')}`

  error = (code: string, status = 400) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
      status,
    )

  answer({ body }: Call) {
    const query = new URLSearchParams(body)
    const published = this.topics.get(query.get('TopicArn') ?? '')
    if (!published) return this.error('NotFound', 404)
    const subject = query.get('Subject') ?? ''
    // SNS refuses longer subjects and such with other characters (API reference, Publish).
    if (!/^[\x20-\x7e]{1,100}$/.test(subject)) return this.error('InvalidParameter')
    published.push(`${subject}\n${query.get('Message')}`)
    return xml('<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>')
  }
}
