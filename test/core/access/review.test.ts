import { VirtualClock } from '../../../adapters/memory/clock'
import { MemoryAccountAccess } from '../../../adapters/memory/account-access'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { MemoryNotifier } from '../../../adapters/memory/notifier'
import { HUMAN_ROLE_NAMES } from '../../../core/access/human-roles'
import { openReview } from '../../../core/access/open-review'
import { reviewAccess } from '../../../core/access/review'
import { humanRoleName } from '../../../core/policy/names'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { ownerAudience } from '../../../core/ports/notifier'
import { resolvePolicy } from '../../../policy'

const policy = resolvePolicy('production')
const now = new Date('2026-11-24T12:00:00.000Z')
const RECENT = '2026-11-20T12:00:00+00:00'
const LONG_AGO = '2026-01-01T12:00:00+00:00'

/** Columns as the user guide of IAM lists them ("Getting credential reports"). */
const HEADER =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated'
const COLUMNS = HEADER.split(',')
const line = (values: Readonly<Record<string, string>>): string =>
  COLUMNS.map((column) => values[column] ?? (column.endsWith('_active') ? 'false' : 'N/A')).join(',')
const root = (values = {}) =>
  line({
    user: '<root_account>',
    password_enabled: 'not_supported',
    mfa_active: 'true',
    user_creation_time: LONG_AGO,
    ...values,
  })
const sealed = (values = {}) =>
  line({
    user: 'break-glass',
    password_enabled: 'true',
    mfa_active: 'true',
    password_last_used: 'no_information',
    user_creation_time: LONG_AGO,
    ...values,
  })
const report = (...lines: string[]) => [HEADER, ...lines, ''].join('\n')
const codes = (text: string) => reviewAccess(policy, text, [], now).map(({ code }) => code)

it('finds nothing where nobody but the sealed user can get in', () => {
  expect(codes(report(root(), sealed()))).toEqual([])
})

it.each([
  ['ROOT_WITHOUT_MFA', [root({ mfa_active: 'false' }), sealed()]],
  ['ROOT_HAS_KEYS', [root({ access_key_2_active: 'true', access_key_2_last_rotated: RECENT }), sealed()]],
  ['USER_UNEXPECTED', [root(), sealed(), line({ user: 'jdoe', mfa_active: 'true', password_last_used: RECENT })]],
  ['USER_WITHOUT_MFA', [root(), sealed({ mfa_active: 'false' })]],
  ['KEY_OLD', [root(), sealed({ access_key_1_active: 'true', access_key_1_last_rotated: LONG_AGO })]],
  ['LAST_RESORT_MISSING', [root()]],
])('questions %s, and nothing else', (code, lines) => {
  expect(codes(report(...lines))).toEqual([code])
})

it('questions a user that nobody used for long, whatever was made of it', () => {
  const user = (values: Readonly<Record<string, string>>) =>
    codes(report(root(), sealed(), line({ user: 'x', mfa_active: 'true', user_creation_time: LONG_AGO, ...values })))
  expect(user({ password_enabled: 'true', password_last_used: LONG_AGO })).toEqual(['USER_UNEXPECTED', 'USER_UNUSED'])
  const key = { access_key_1_active: 'true', access_key_1_last_rotated: RECENT, access_key_1_last_used_date: RECENT }
  expect(user(key)).toEqual(['USER_UNEXPECTED'])
})

it('names users by a hash alone', () => {
  const [finding] = reviewAccess(policy, report(root(), sealed(), line({ user: 'jdoe' })), [], now)
  expect(finding?.subject).toMatch(/^user-[0-9a-f]{12}$/)
})

it.each([
  ['a report without lines', HEADER],
  ['a report without a column', report(root()).replaceAll(',mfa_active', '')],
  ['something else', 'Access denied'],
])('never takes %s for an account without findings', (_, text) => {
  expect(() => codes(text)).toThrow()
})

it('questions roles that nobody takes, and those that are gone', () => {
  const roles = [
    { role: 'used', lastUsed: new Date('2026-11-01') },
    { role: 'rusty', lastUsed: new Date('2026-01-01') },
    { role: 'never', lastUsed: undefined },
    { role: 'gone', lastUsed: 'missing' as const },
  ]
  expect(reviewAccess(policy, report(root(), sealed()), roles, now)).toEqual([
    { code: 'ROLE_UNUSED', subject: 'rusty' },
    { code: 'ROLE_UNUSED', subject: 'never' },
    { code: 'ROLE_MISSING', subject: 'gone' },
  ])
})

describe('a review that is due', () => {
  const due = { activity: 'access-review', at: new Date('2026-10-01T12:00:00.000Z') }

  function opened(text = report(root(), sealed())) {
    const account = new MemoryAccountAccess()
    account.report = text
    for (const name of HUMAN_ROLE_NAMES) account.roles.set(humanRoleName(policy, name), now)
    const drafts = new Map<string, EvidenceDraft>()
    const notifier = new MemoryNotifier([ownerAudience('Security Team')])
    const stores = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
    const world = {
      policy,
      account,
      places: stores,
      notifier,
      clock: new VirtualClock(now),
      evidence: {
        append: async (draft: EvidenceDraft) => (
          drafts.set(draft.key, draft),
          { id: draft.key, sequence: 0, hash: 'f' }
        ),
      },
    }
    return { world, account, drafts, notifier }
  }

  it('leaves the counts as evidence, opens the task of the review and tells its owner once', async () => {
    const { world, drafts, notifier } = opened(report(root({ mfa_active: 'false' }), sealed()))
    const first = await openReview(world, due)
    expect(first).toEqual({
      task: 'access-review-2026-10-01',
      findings: [{ code: 'ROOT_WITHOUT_MFA', subject: 'root' }],
    })
    expect(await openReview(world, due)).toEqual(first)
    expect(notifier.told).toHaveLength(1)
    expect([...drafts.values()].map(({ kind }) => kind)).toEqual(['access-review', 'activity-due'])
    expect([...drafts.values()][0]?.measurements).toMatchObject({
      findings: 1,
      ROOT_WITHOUT_MFA: 1,
      KEY_OLD: 0,
      // What it did not look at stands in the record too.
      usersElsewhere: 'iam-mfa',
      reviewedThereBy: 'Security Team',
    })
  })

  it('opens no task where it could not look', async () => {
    const { world, notifier } = opened('nothing')
    await expect(openReview(world, due)).rejects.toThrow()
    expect(notifier.told).toEqual([])
  })

  it('looks at roles that are taken often, and lets the others rest', async () => {
    const { world, account } = opened()
    for (const name of HUMAN_ROLE_NAMES) account.roles.set(humanRoleName(policy, name), undefined)
    account.roles.delete(humanRoleName(policy, 'auditor'))
    const { findings } = await openReview(world, due)
    expect(findings).toEqual([
      { code: 'ROLE_UNUSED', subject: humanRoleName(policy, 'operator') },
      { code: 'ROLE_UNUSED', subject: humanRoleName(policy, 'backup-operator') },
      { code: 'ROLE_UNUSED', subject: humanRoleName(policy, 'incident-commander') },
      { code: 'ROLE_UNUSED', subject: humanRoleName(policy, 'records-commission') },
      { code: 'ROLE_MISSING', subject: humanRoleName(policy, 'auditor') },
    ])
  })
})
