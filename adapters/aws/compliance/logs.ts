import {
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs'
import type { LogProtection } from '../../../core/ports/compliance'
import { CALL_MS, within } from '../client-settings'
import { asking } from '../failures'
import type { Guard } from './guard'

export const logGuard = (logs: CloudWatchLogsClient, region: string): Guard<LogProtection> => ({
  async read(name) {
    // In the order of names, so that the very name is the first with this beginning.
    const { logGroups } = await asking('logs:DescribeLogGroups', () =>
      logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }), within(CALL_MS)),
    )
    const found = logGroups?.find(({ logGroupName }) => logGroupName === name)
    return found && { kind: 'log-group', region, name, keepsDays: found.retentionInDays ?? null }
  },
  async write({ name, keepsDays }, found) {
    if (found?.keepsDays === keepsDays) return 'restored'
    await asking('logs:PutRetentionPolicy', async () => {
      if (keepsDays === null) await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: name }), within(CALL_MS))
      else
        await logs.send(
          new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: keepsDays }),
          within(CALL_MS),
        )
    })
    return 'restored'
  },
})
