import { acceptedByOldPrimary } from '../../core/measurement'
import type { RealFacts } from './facts'

interface RealInvariant {
  readonly name: string
  /** What is wrong with the facts; undefined where it holds. */
  readonly broken: (facts: RealFacts) => string | undefined
}

const some = (count: number, what: string): string | undefined => (count > 0 ? `${count} ${what}` : undefined)

/** What holds in every run on a real PostgreSQL, whatever went wrong. */
export const REAL_INVARIANTS: readonly RealInvariant[] = [
  {
    name: 'the run completes or stops with a plan',
    broken: ({ run, continuation }) => {
      if (run.outcome === 'running') return 'it never ended'
      if (run.outcome === 'succeeded') return undefined
      return continuation && continuation.byHand.length > 0 ? undefined : 'it stopped and does not say how to go on'
    },
  },
  {
    name: 'nothing that had been shipped is lost',
    broken: ({ loss }) => some(loss?.lostThoughShipped ?? 0, 'writes were held by the successor and are gone'),
  },
  {
    name: 'nothing is lost where the successor acknowledges, or by a planned move',
    broken: ({ keepsEverything, loss }) =>
      keepsEverything ? some(loss?.lost ?? 0, 'acknowledged writes are gone') : undefined,
  },
  {
    name: 'what a recovery leaves behind is on its list',
    broken: ({ leftBehind }) => some(leftBehind?.unlisted ?? 0, 'lost writes are on no list'),
  },
  {
    name: 'what was wrong is not recovered',
    broken: ({ leftBehind }) => (leftBehind?.rewritten ? 'the rewritten values are there' : undefined),
  },
  {
    name: 'what was refused is absent, and nothing is there twice or damaged',
    broken: ({ loss }) => loss && some(loss.ghost + loss.duplicated + loss.damaged, 'records are not as told'),
  },
  {
    name: 'two logs agree on the loss',
    broken: ({ loss }) => some(loss?.disagreements ?? 0, 'ids differ'),
  },
  {
    name: 'the old primary accepts nothing',
    broken: ({ oldPrimary }) => {
      if (!oldPrimary) return undefined
      const accepted = acceptedByOldPrimary(oldPrimary)
      return accepted === undefined ? 'not every attempt was answered' : some(accepted, 'writes were accepted')
    },
  },
  {
    name: 'the verdict is true to the facts',
    broken: ({ run, end, loss }) => {
      if (run.outcome !== 'succeeded') return undefined
      if (!loss) return 'it succeeded, and nothing could be counted'
      if (!end.writerWrites) return 'it succeeded, and the successor takes no writes'
      return end.clientsServed ? undefined : 'it succeeded, and no client was served'
    },
  },
  {
    name: 'the evidence verifies and agrees with the run',
    broken: ({ run, evidence: { verdict, outcomes } }) => {
      if (verdict !== 'pass') return `verification says ${verdict}`
      if (run.steps['report']?.status === 'failed') return undefined
      return outcomes.length === 1 && outcomes[0] === run.outcome
        ? undefined
        : `the run ${run.outcome}, the evidence says ${outcomes.join(', ') || 'nothing'}`
    },
  },
  {
    name: 'nothing is left behind',
    broken: ({ left }) => some(left.worlds + left.processes, 'worlds or processes are left'),
  },
]
