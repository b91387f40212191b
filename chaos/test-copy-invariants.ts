import type { Facts, TestCopyFacts } from './facts'
import { at, type Invariant } from './invariant'

type Tested = Facts & { readonly testCopy: TestCopyFacts }

const ofTest = (name: string, broken: (facts: Tested) => string | undefined): Invariant => ({
  name,
  broken: (facts) => (facts.testCopy ? broken({ ...facts, testCopy: facts.testCopy }) : undefined),
})

/** What holds when a restore is tested, whatever goes wrong. */
export const TEST_COPY_INVARIANTS: readonly Invariant[] = [
  ofTest('no copy outlives its test unless the run says so', ({ run, testCopy: { isLeft } }) => {
    if (!isLeft) return undefined
    if (run?.outcome === 'succeeded') return 'it succeeded, and the copy is there'
    return run?.steps['remove']?.status === 'done' ? 'the run says that it is removed, and it is there' : undefined
  }),
  ofTest('nobody enters a test copy', ({ testCopy }) => at(testCopy.opened)),
  ofTest('a test removes nothing that it did not make', ({ testCopy }) =>
    testCopy.othersRemoved ? 'another database of that name is gone' : undefined,
  ),
  ofTest('a test disturbs nobody', ({ testCopy }) =>
    testCopy.writerServes ? undefined : 'the database takes no writes any more',
  ),
  ofTest('only a copy that was proven counts as proven', ({ run, evidence: { outcomes } }) => {
    const missing = ['restore-beside', 'examine', 'remove'].filter((step) => run?.steps[step]?.status !== 'done')
    if (missing.length === 0) return undefined
    if (outcomes.includes('succeeded')) return `the evidence says succeeded without ${missing.join(', ')}`
    return run?.outcome === 'succeeded' ? `it succeeded without ${missing.join(', ')}` : undefined
  }),
]
