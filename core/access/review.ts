import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { sha256 } from '../evidence/hash'
import type { Policy } from '../policy'

/** What is questioned in a review, in plain words. */
export const REVIEW_FINDINGS = {
  ROOT_WITHOUT_MFA: 'the root user has no second factor',
  ROOT_HAS_KEYS: 'the root user has an access key',
  USER_UNEXPECTED: 'there is a user besides the last resort',
  USER_WITHOUT_MFA: 'a user with a password has no second factor',
  USER_UNUSED: 'a user was not used for as long as the policy allows',
  KEY_OLD: 'an access key is older than the policy allows',
  LAST_RESORT_MISSING: 'the sealed user of the last resort does not exist',
  ROLE_UNUSED: 'nobody took a role for as long as the policy allows',
  ROLE_MISSING: 'a role of people does not exist',
} as const

export interface ReviewFinding {
  readonly code: keyof typeof REVIEW_FINDINGS
  /** A role by its name; a user by a hash, since names of users are names of people. */
  readonly subject: string
}

const yes = z.enum(['true', 'false']).transform((text) => text === 'true')
/** A time, or undefined for the words that AWS writes instead of one. */
const time = z.string().transform((text) => {
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
})

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html */
const lineSchema = z.object({
  user: z.string().min(1),
  user_creation_time: time,
  // Of the root user AWS says `not_supported`, of which nothing follows.
  password_enabled: z.string().transform((text) => text === 'true'),
  password_last_used: time,
  mfa_active: yes,
  access_key_1_active: yes,
  access_key_1_last_rotated: time,
  access_key_1_last_used_date: time,
  access_key_2_active: yes,
  access_key_2_last_rotated: time,
  access_key_2_last_used_date: time,
})
type Line = z.infer<typeof lineSchema>

const ROOT = '<root_account>'
const DAY_MS = 86_400_000

/** A role of people and when it was last taken; `missing` where the account has none of the name. */
export interface RoleUse {
  readonly role: string
  readonly lastUsed: Date | undefined | 'missing'
}

/**
 * What of an account's access has to be questioned. Throws where the report is not of the form that AWS documents: a report
 * that cannot be read is no account without findings.
 */
export function reviewAccess(
  { people }: Pick<Policy, 'people'>,
  report: string,
  roles: readonly RoleUse[],
  now: Date,
): readonly ReviewFinding[] {
  const lines = z
    .array(lineSchema)
    .min(1)
    .parse(parse(report, { columns: true, skip_empty_lines: true }))
  const sealed = people.breakGlass.mode === 'sealed-user' ? people.breakGlass.userName : undefined
  const old = (at: number | undefined, days: number): boolean => at !== undefined && now.getTime() - at > days * DAY_MS
  const { unusedDays, keyMaxAgeDays } = people.review
  return [
    ...lines.flatMap((line) => {
      const subject = line.user === ROOT ? 'root' : `user-${sha256(line.user).slice(0, 12)}`
      const when = (holds: boolean, code: ReviewFinding['code']): ReviewFinding[] => (holds ? [{ code, subject }] : [])
      const keys = keysOf(line)
      if (line.user === ROOT)
        return [...when(!line.mfa_active, 'ROOT_WITHOUT_MFA'), ...when(keys.length > 0, 'ROOT_HAS_KEYS')]
      const lastUse = Math.max(
        line.user_creation_time ?? 0,
        line.password_last_used ?? 0,
        ...keys.map(({ lastUsed = 0 }) => lastUsed),
      )
      return [
        ...when(line.user !== sealed, 'USER_UNEXPECTED'),
        ...when(line.password_enabled && !line.mfa_active, 'USER_WITHOUT_MFA'),
        // Nobody should use the last resort.
        ...when(line.user !== sealed && old(lastUse, unusedDays), 'USER_UNUSED'),
        ...when(
          keys.some(({ rotated }) => old(rotated, keyMaxAgeDays)),
          'KEY_OLD',
        ),
      ]
    }),
    ...(sealed !== undefined && !lines.some(({ user }) => user === sealed)
      ? [{ code: 'LAST_RESORT_MISSING' as const, subject: `user-${sha256(sealed).slice(0, 12)}` }]
      : []),
    ...roles.flatMap(({ role, lastUsed }): ReviewFinding[] => {
      if (lastUsed === 'missing') return [{ code: 'ROLE_MISSING', subject: role }]
      return lastUsed === undefined || old(lastUsed.getTime(), unusedDays)
        ? [{ code: 'ROLE_UNUSED', subject: role }]
        : []
    }),
  ]
}

const keysOf = (line: Line) =>
  [
    {
      active: line.access_key_1_active,
      rotated: line.access_key_1_last_rotated,
      lastUsed: line.access_key_1_last_used_date,
    },
    {
      active: line.access_key_2_active,
      rotated: line.access_key_2_last_rotated,
      lastUsed: line.access_key_2_last_used_date,
    },
  ].filter(({ active }) => active)
