import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import { PortError } from '../../core/ports/errors'
import type { Audience, Notice, Notifier } from '../../core/ports/notifier'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** One SNS topic per audience, in the function's own region. */
export class SnsNotifier implements Notifier {
  constructor(
    private readonly client: SNSClient,
    /** Topic ARNs by audience. */
    private readonly topics: ReadonlyMap<string, string>,
  ) {}

  async notify(audience: Audience, { subject, lines }: Notice): Promise<void> {
    const TopicArn = this.topics.get(audience)
    if (!TopicArn) throw new PortError('invalid', 'AUDIENCE_UNKNOWN', `no topic stands behind '${audience}'`)
    const command = new PublishCommand({ TopicArn, Subject: subject, Message: lines.join('\n') })
    await asking(`telling '${audience}'`, () => this.client.send(command, within(CALL_MS)))
  }
}
