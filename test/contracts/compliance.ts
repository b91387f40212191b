import { FINDING_CODES, type FindingCode } from '../../core/compliance/finding-kinds'
import { stillHolds } from '../../core/compliance/find'
import type { Compliance, Protection, Remedies } from '../../core/ports/compliance'
import { VIOLATIONS } from '../core/runbook/remediation'

/** An adapter over an account that holds the given things. */
export interface AccountUnderTest {
  readonly compliance: Compliance
  readonly remedies: Remedies
  holds(things: readonly Protection[]): void
  /** Lets happen what takes time. */
  pass(): Promise<void>
}

/** What every adapter of Compliance and Remedies promises. */
export function describeCompliance(name: string, make: () => AccountUnderTest): void {
  describe(`compliance: ${name}`, () => {
    /** What the violation of a code needs around it. */
    const around = (code: FindingCode): readonly Protection[] =>
      code === 'selection-removed' ? [VIOLATIONS['plan-retention-shortened'][0]] : []

    const remedied = async ({ remedies, pass }: AccountUnderTest, declared: Protection) => {
      for (let turn = 0; turn < 9; turn++) {
        if ((await remedies.restore(declared, { key: 'run-1/remedy' })) === 'restored') return
        await pass()
      }
      throw new Error('it never ended')
    }

    it.each(FINDING_CODES)('tells %s as it is, remedies it, and does nothing where nothing is wrong', async (code) => {
      const account = make()
      const [declared, found] = VIOLATIONS[code]
      account.holds([...around(code), ...(found ? [found] : [])])
      expect(await account.compliance.protectionOf(declared)).toEqual(found)
      expect(await stillHolds(account.compliance, { code, declared })).toBe(true)
      await remedied(account, declared)
      expect(await stillHolds(account.compliance, { code, declared })).toBe(false)
      const after = await account.compliance.protectionOf(declared)
      await remedied(account, declared)
      expect(await account.compliance.protectionOf(declared)).toEqual(after)
    })

    it('lists the snapshots of its region with their keys, and after the remedy only those under ours', async () => {
      const account = make()
      const [declared, found] = VIOLATIONS['copy-unencrypted']
      account.holds([found!])
      expect(await account.compliance.copies('sa-east-1')).toEqual([found])
      expect(await account.compliance.copies('eu-west-1')).toEqual([])
      await remedied(account, declared)
      expect(await account.compliance.copies('sa-east-1')).toEqual([{ ...declared, name: 'by-hand-encrypted' }])
    })

    it('deletes no snapshot before its copy is available', async () => {
      const account = make()
      const [declared, found] = VIOLATIONS['copy-unencrypted']
      account.holds([found!])
      expect(await account.remedies.restore(declared, { key: 'k' })).toBe('under-way')
      expect(await account.remedies.restore(declared, { key: 'k' })).toBe('under-way')
      expect(await account.compliance.protectionOf(declared)).toEqual(found)
    })

    it('weakens nothing that is stronger than declared', async () => {
      const account = make()
      const [log] = VIOLATIONS['log-retention-shortened']
      const [vault] = VIOLATIONS['lock-removed']
      const stronger: Protection[] = [
        { ...log, keepsDays: 3653 } as Protection,
        { ...vault, lock: { minDays: 120, maxDays: 730 } } as Protection,
      ]
      account.holds(stronger)
      for (const one of [log, vault]) await account.remedies.restore(one, { key: 'k' })
      expect(await Promise.all(stronger.map((one) => account.compliance.protectionOf(one)))).toEqual(stronger)
    })

    it('makes nothing anew that is gone', async () => {
      const account = make()
      for (const code of ['lock-removed', 'bucket-public', 'deletion-protection-off', 'key-rotation-off'] as const) {
        const [declared] = VIOLATIONS[code]
        expect(await account.compliance.protectionOf(declared)).toBeUndefined()
        await expect(account.remedies.restore(declared, { key: 'k' })).rejects.toMatchObject({
          failure: 'conflict',
          code: 'PROTECTED_GONE',
        })
      }
    })
  })
}
