import type { ExpectedLock } from './expectations'
import { found, judgeEach, type Found, type Judge } from './judge'

/** Every vault is there and refuses what the policy refuses. */
export const vaultLocks: Judge = (facts, { locks }) =>
  judgeEach(
    locks,
    ({ vault }) => facts.vaults[vault],
    (expected, vault) => (vault === null ? [found('vault-missing', expected.vault)] : against(expected, vault.lock)),
  )

function against({ vault, lock: wanted }: ExpectedLock, lock: ExpectedLock['lock']): Found[] {
  if (!wanted) return []
  if (!lock) return [found('vault-open', vault)]
  return lock.minDays < wanted.minDays || lock.maxDays > wanted.maxDays
    ? [found('lock-weaker', vault, { minDays: lock.minDays, maxDays: lock.maxDays, wanted: { ...wanted } })]
    : []
}
