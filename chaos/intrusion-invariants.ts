import type { Facts, IntrusionFacts } from './facts'
import { at, type Invariant } from './invariant'

type Attacked = Facts & { readonly intrusion: IntrusionFacts }

const ofIntrusion = (name: string, broken: (facts: Attacked) => string | undefined): Invariant => ({
  name,
  broken: (facts) => (facts.intrusion ? broken({ ...facts, intrusion: facts.intrusion }) : undefined),
})

const isDone = ({ run }: Facts, step: string): boolean => run?.steps[step]?.status === 'done'
const outputOf = ({ run }: Facts, step: string): Readonly<Record<string, unknown>> =>
  isDone({ run } as Facts, step) ? ((run?.steps[step]?.output ?? {}) as Readonly<Record<string, unknown>>) : {}

/** What holds when somebody is inside with a stolen secret, whatever else goes wrong. */
export const INTRUSION_INVARIANTS: readonly Invariant[] = [
  ofIntrusion('a stolen secret that was revoked lets nobody in', ({ intrusion }) => at(intrusion.seen.insideAfterCut)),
  ofIntrusion('no stolen secret ever opens the clean copy', ({ intrusion }) => at(intrusion.seen.insideCopy)),
  ofIntrusion('what was cut off stays cut off', ({ intrusion }) => at(intrusion.seen.isolationLifted)),
  ofIntrusion('a run that is done leaves no way in for the attacker', ({ run, intrusion: { letIn } }) =>
    run?.outcome === 'succeeded' && letIn.length > 0 ? `his secret opens ${letIn.join(', ')}` : undefined,
  ),
  ofIntrusion('a copy that stays on the network is named', (facts) => {
    const { openCopies } = facts.intrusion
    const named = (outputOf(facts, 'isolate')['openCopies'] ?? []) as readonly string[]
    const unnamed = isDone(facts, 'isolate') ? openCopies.filter((copy) => !named.includes(copy)) : []
    return unnamed.length > 0 ? `${unnamed.join(', ')} is on the network, and the run does not say so` : undefined
  }),
  ofIntrusion('the attacked database is kept whole', (facts) =>
    isDone(facts, 'revoke') && !facts.intrusion.isAttackedKept
      ? 'it is gone, or its secrets are good again'
      : undefined,
  ),
  ofIntrusion('a forensic copy is complete where the run says so, and there is one', (facts) => {
    const { preserved } = facts.intrusion
    if (preserved.length > 1) return `there are ${preserved.length}: ${preserved.join(', ')}`
    const { name } = outputOf(facts, 'confirm-preserved')
    if (!isDone(facts, 'confirm-preserved')) return undefined
    return preserved.some((key) => name === `forensics/${key}`) ? undefined : `'${String(name)}' is not complete`
  }),
  ofIntrusion('people decide to recover, and accept by name what does not hold', (facts) => {
    const approved = (step: string) => (facts.run?.steps[step]?.approvedBy?.length ?? 0) > 0
    if (isDone(facts, 'find-clean-point') && !approved('find-clean-point')) return 'nobody was asked about the recovery'
    const open = (outputOf(facts, 'isolate')['openCopies'] ?? []) as readonly string[]
    const holds =
      open.length === 0 &&
      isDone(facts, 'confirm-preserved') &&
      outputOf(facts, 'list-later-writes')['kind'] === 'listed'
    return isDone(facts, 'validate-compliance') && !holds && !approved('validate-compliance')
      ? 'a control does not hold, and nobody accepted it'
      : undefined
  }),
  ofIntrusion('the right to write never returns to the attacked database', (facts) =>
    isDone(facts, 'claim-epoch') && facts.move?.end.isRightWithOld ? 'the newest epoch names it' : undefined,
  ),
]
