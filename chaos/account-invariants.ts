import type { RemediationInput } from '../core/runbook/compliance-remediation/input'
import type { AccountFacts, Facts } from './facts'
import { at, type Invariant } from './invariant'

type Remedied = Facts & { readonly account: AccountFacts }

const ofAccount = (name: string, broken: (facts: Remedied) => string | undefined): Invariant => ({
  name,
  broken: (facts) => (facts.account ? broken({ ...facts, account: facts.account }) : undefined),
})

/** What holds when an account is put right, whatever goes wrong. */
export const ACCOUNT_INVARIANTS: readonly Invariant[] = [
  ofAccount('an account is never weaker than before its remediation', ({ account }) => at(account.seen.weaker)),
  ofAccount('nothing of an account changes before it is approved', ({ account }) => at(account.seen.early)),
  ofAccount('nothing is changed that no finding names', ({ account: { touched } }) =>
    touched.length > 0 ? touched.join(', ') : undefined,
  ),
  ofAccount('a remediation that succeeded leaves no finding', ({ run, account: { remaining } }) =>
    run?.outcome === 'succeeded' && remaining.length > 0 ? `${remaining.join(', ')} holds still` : undefined,
  ),
  ofAccount('people agree to what takes something away', ({ run }) => {
    if (!run) return undefined
    const { order = [] } = (run.steps['plan']?.output ?? {}) as { order?: readonly number[] }
    const { operation, findings } = run.input as unknown as RemediationInput
    const mustAsk = order.some((place) => operation === 'approval' || findings[place]?.code === 'copy-unencrypted')
    const approved = run.steps['approve']
    return mustAsk && approved?.status === 'done' && !approved.approvedBy ? 'nobody was asked' : undefined
  }),
]
