import type { Facts, ReleaseFacts } from './facts'
import { at, type Invariant } from './invariant'

type Released = Facts & { readonly release: ReleaseFacts }

const ofRelease = (name: string, broken: (facts: Released) => string | undefined): Invariant => ({
  name,
  broken: (facts) => (facts.release ? broken({ ...facts, release: facts.release }) : undefined),
})

const neverSeen = (name: string, what: keyof ReleaseFacts['seen']): Invariant =>
  ofRelease(name, ({ release }) => at(release.seen[what]))

/** What holds when a platform is put back, whatever goes wrong. */
export const RELEASE_INVARIANTS: readonly Invariant[] = [
  neverSeen('nothing of a platform changes before its rollback is approved', 'early'),
  neverSeen('no version is in force that neither release names', 'foreign'),
  neverSeen('no component is put back before the one in front of it has served', 'outOfTurn'),
  neverSeen('the schema goes back after every program that writes with the newer one', 'schemaEarly'),
  neverSeen('only who has the lease changes the platform', 'withoutLease'),
  neverSeen("a plan that is not the platform's any more changes nothing", 'stale'),
  ofRelease('a platform is whole after its rollback, or the run says that it is not', ({ run, release }) => {
    const { back, asBefore } = release.end
    if (!run || run.outcome === 'running') return undefined
    const { status } = run.steps['put-back'] ?? {}
    if (status === 'undo-failed') return undefined
    const wrong = run.outcome === 'succeeded' || status === 'done' ? asBefore : back
    return wrong.length > 0
      ? `the run ${run.outcome}, put-back is ${status}, but not so ${wrong.join(', ')}`
      : undefined
  }),
]
