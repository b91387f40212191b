import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import type { ElevatedSession, ElevatedSessions } from '../../core/ports/elevated-sessions'
import { PortError } from '../../core/ports/errors'
import { SOURCE_IDENTITY_PREFIX } from './agreed-names'
import { CALL_MS, within } from './client-settings'
import { asking } from './failures'

/** Takes a role for a person: STS ends the session by itself, and CloudTrail names the person in each call made with it. */
export class StsElevatedSessions implements ElevatedSessions {
  constructor(
    private readonly sts: STSClient,
    private readonly arnOf: (role: string) => string,
  ) {}

  async open({ role, person, minutes }: { role: string; person: string; minutes: number }): Promise<ElevatedSession> {
    const { Credentials } = await asking('sts:AssumeRole', () =>
      this.sts.send(
        new AssumeRoleCommand({
          RoleArn: this.arnOf(role),
          RoleSessionName: `${SOURCE_IDENTITY_PREFIX}${person}`,
          SourceIdentity: `${SOURCE_IDENTITY_PREFIX}${person}`,
          DurationSeconds: minutes * 60,
        }),
        within(CALL_MS),
      ),
    )
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new PortError(
        'unreachable',
        'CREDENTIALS_INCOMPLETE',
        'sts:AssumeRole answered without credentials; try again',
      )
    return {
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
      expiresAt: Expiration.toISOString(),
    }
  }
}
