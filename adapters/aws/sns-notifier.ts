import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import { PortError } from '../../core/ports/errors'
import type { Notice, Notifier } from '../../core/ports/notifier'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** One SNS topic per level of the escalation, in the function's own region. */
export class SnsNotifier implements Notifier {
  constructor(
    private readonly client: SNSClient,
    /** Topic ARNs by level. */
    private readonly topics: ReadonlyMap<string, string>,
  ) {}

  async notify(level: number, { subject, lines }: Notice): Promise<void> {
    const TopicArn = this.topics.get(String(level))
    if (!TopicArn) throw new PortError('invalid', 'LEVEL_UNKNOWN', `no topic stands behind level ${level}`)
    const command = new PublishCommand({ TopicArn, Subject: subject, Message: lines.join('\n') })
    await asking(`telling level ${level}`, () => this.client.send(command, within(CALL_MS)))
  }
}
