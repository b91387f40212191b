import { MemoryAccountAccess } from '../../../adapters/memory/account-access'
import { VirtualClock } from '../../../adapters/memory/clock'
import { keepPasswordPolicy } from '../../../core/access/password-policy'
import type { Policy } from '../../../core/policy'
import type { EvidenceDraft } from '../../../core/ports/evidence-log'
import { resolvePolicy } from '../../../policy'

const production = resolvePolicy('production')

function world(policy: Policy = production) {
  const account = new MemoryAccountAccess()
  const drafts: EvidenceDraft[] = []
  const evidence = {
    append: async (draft: EvidenceDraft) => (drafts.push(draft), { id: draft.key, sequence: 0, hash: 'f' }),
  }
  return { world: { policy, account, evidence, clock: new VirtualClock() }, account, drafts }
}

it('sets twelve mixed characters where there is no policy, and leaves evidence', async () => {
  const { world: given, account, drafts } = world()
  expect(await keepPasswordPolicy(given)).toEqual({ set: true })
  expect(await account.passwordPolicy()).toEqual({
    minimumLength: 12,
    upperCase: true,
    lowerCase: true,
    numbers: true,
    symbols: true,
    maxAgeDays: 90,
    remembered: 24,
  })
  expect(drafts).toMatchObject([{ kind: 'password-policy-set', measurements: { was: 'none', minimumLength: 12 } }])
  expect(await keepPasswordPolicy(given)).toEqual({ set: false })
  expect(drafts).toHaveLength(1)
})

it.each([
  ['shorter', { minimumLength: 8 }],
  ['without symbols', { symbols: false }],
  ['without an age', { maxAgeDays: undefined }],
])('sets it again where somebody made it %s', async (_, change) => {
  const { world: given, account, drafts } = world()
  await keepPasswordPolicy(given)
  const kept = (await account.passwordPolicy())!
  const { maxAgeDays, ...changed } = { ...kept, ...change }
  await account.setPasswordPolicy({ ...changed, ...(maxAgeDays !== undefined && { maxAgeDays }) })
  expect(await keepPasswordPolicy(given)).toEqual({ set: true })
  expect(await account.passwordPolicy()).toEqual(kept)
  expect(drafts.at(-1)).toMatchObject({ measurements: { was: 'another' } })
})

it('leaves alone what somebody else runs', async () => {
  const reason = 'the organisation sets it for all of its accounts'
  const { world: given, account } = world({
    ...production,
    people: { ...production.people, passwordPolicy: { mode: 'existing', reason } },
  })
  expect(await keepPasswordPolicy(given)).toEqual({ set: false })
  expect(await account.passwordPolicy()).toBeUndefined()
})
