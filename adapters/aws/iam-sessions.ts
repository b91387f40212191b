import { createHash } from 'node:crypto'
import { GetRolePolicyCommand, PutRolePolicyCommand, type IAMClient } from '@aws-sdk/client-iam'
import { PortError } from '../../core/ports/errors'
import { SESSIONS_POLICY } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/**
 * Denies everything to the sessions of a role that were issued before now, as the console does: a session cannot be taken back
 * otherwise (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html). Whoever may take the role
 * takes it anew, with a second factor. The same key again leaves the first moment in force. IAM is called in us-east-1.
 */
export async function revokeSessions(
  iam: IAMClient,
  roles: readonly string[],
  { key, now }: { readonly key: string; readonly now: Date },
): Promise<void> {
  for (const role of roles) {
    if ((await revokedBy(iam, role)) === statementId(key)) continue
    const command = new PutRolePolicyCommand({
      RoleName: role,
      PolicyName: SESSIONS_POLICY,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: statementId(key),
            Effect: 'Deny',
            Action: ['*'],
            Resource: ['*'],
            Condition: { DateLessThan: { 'aws:TokenIssueTime': now.toISOString() } },
          },
        ],
      }),
    })
    await asking(`revoking the sessions of '${role}'`, () => iam.send(command, within(CALL_MS)))
  }
}

/** Which request the sessions were revoked by last; undefined where none was. */
async function revokedBy(iam: IAMClient, role: string): Promise<string | undefined> {
  const command = new GetRolePolicyCommand({ RoleName: role, PolicyName: SESSIONS_POLICY })
  try {
    const { PolicyDocument = '' } = await asking(`reading the policy of '${role}'`, () =>
      iam.send(command, within(CALL_MS)),
    )
    const document = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: { Sid?: string }[] }
    return document.Statement[0]?.Sid
  } catch (error) {
    if (isException(error, 'NoSuchEntity')) return undefined
    if (error instanceof SyntaxError)
      throw new PortError('conflict', 'POLICY_FOREIGN', `'${SESSIONS_POLICY}' of '${role}' is no policy of ours`)
    throw error
  }
}

/** Letters and digits alone: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
const statementId = (key: string): string => `By${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
