import {
  GenerateCredentialReportCommand,
  GetAccountPasswordPolicyCommand,
  GetCredentialReportCommand,
  GetRoleCommand,
  UpdateAccountPasswordPolicyCommand,
  type IAMClient,
} from '@aws-sdk/client-iam'
import type { AccountAccess, PasswordPolicy } from '../../core/ports/account-access'
import type { Clock } from '../../core/ports/clock'
import { PortError } from '../../core/ports/errors'
import { CALL_MS, within } from './client-settings'
import { asking, isException } from './failures'

/** AWS makes a report in seconds, at most once in four hours. */
const REPORT_POLLS = 10
const REPORT_POLL_MS = 2_000

/** The account as IAM tells of it. IAM is called in us-east-1, so none of this works while that region is away. */
export class IamAccountAccess implements AccountAccess {
  constructor(
    private readonly iam: IAMClient,
    private readonly clock: Clock,
  ) {}

  async credentialReport(): Promise<string> {
    for (let poll = 0; poll < REPORT_POLLS; poll += 1) {
      const { State } = await asking('iam:GenerateCredentialReport', () =>
        this.iam.send(new GenerateCredentialReportCommand({}), within(CALL_MS)),
      )
      if (State === 'COMPLETE') {
        const { Content } = await asking('iam:GetCredentialReport', () =>
          this.iam.send(new GetCredentialReportCommand({}), within(CALL_MS)),
        )
        if (Content) return Buffer.from(Content).toString('utf8')
      }
      await this.clock.sleep(REPORT_POLL_MS)
    }
    throw new PortError(
      'unreachable',
      'REPORT_NOT_READY',
      'AWS made no credential report in time; it is asked again later',
    )
  }

  async roleLastUsed(role: string): Promise<Date | undefined> {
    try {
      const { Role } = await asking('iam:GetRole', () =>
        this.iam.send(new GetRoleCommand({ RoleName: role }), within(CALL_MS)),
      )
      return Role?.RoleLastUsed?.LastUsedDate
    } catch (error) {
      if (!isException(error, 'NoSuchEntity')) throw error
      throw new PortError('conflict', 'ROLE_MISSING', `there is no role '${role}'`, { cause: error })
    }
  }

  async passwordPolicy(): Promise<PasswordPolicy | undefined> {
    try {
      const { PasswordPolicy: found } = await asking('iam:GetAccountPasswordPolicy', () =>
        this.iam.send(new GetAccountPasswordPolicyCommand({}), within(CALL_MS)),
      )
      if (!found) return undefined
      return {
        minimumLength: found.MinimumPasswordLength ?? 0,
        upperCase: found.RequireUppercaseCharacters ?? false,
        lowerCase: found.RequireLowercaseCharacters ?? false,
        numbers: found.RequireNumbers ?? false,
        symbols: found.RequireSymbols ?? false,
        ...(found.MaxPasswordAge && { maxAgeDays: found.MaxPasswordAge }),
        ...(found.PasswordReusePrevention && { remembered: found.PasswordReusePrevention }),
      }
    } catch (error) {
      if (isException(error, 'NoSuchEntity')) return undefined
      throw error
    }
  }

  async setPasswordPolicy(wanted: PasswordPolicy): Promise<void> {
    // What is left out falls back to AWS's default, so that everything is said.
    await asking('iam:UpdateAccountPasswordPolicy', () =>
      this.iam.send(
        new UpdateAccountPasswordPolicyCommand({
          MinimumPasswordLength: wanted.minimumLength,
          RequireUppercaseCharacters: wanted.upperCase,
          RequireLowercaseCharacters: wanted.lowerCase,
          RequireNumbers: wanted.numbers,
          RequireSymbols: wanted.symbols,
          AllowUsersToChangePassword: true,
          HardExpiry: false,
          ...(wanted.maxAgeDays !== undefined && { MaxPasswordAge: wanted.maxAgeDays }),
          ...(wanted.remembered !== undefined && { PasswordReusePrevention: wanted.remembered }),
        }),
        within(CALL_MS),
      ),
    )
  }
}
