import type { DatabaseNode } from '../adapters/memory/database-node'
import type { InstanceRef } from '../core/ports/database'
import type { IsolateAndRecoverInput } from '../core/runbook/isolate-and-recover/input'
import type { Moment } from './facts'
import type { Watcher } from './watch'

/** Whether the secret that was stolen lets its thief in at the moment. */
const letsIn = ({ alive, loginsOpen, isolated, secrets, stillAccepted }: DatabaseNode): boolean =>
  alive && loginsOpen && !isolated && (secrets === 'original' || stillAccepted.length > 0)

/** Somebody who goes on trying the secret that he has stolen, on every database that there is. */
export const watchIntruder: Watcher<IsolateAndRecoverInput> = (arena, lookout, input) => {
  const { world } = arena
  const { writer, successor, copies } = input
  const seen: { insideAfterCut?: Moment; insideCopy?: Moment; isolationLifted?: Moment } = {}
  const keep = (what: keyof typeof seen) => (seen[what] ??= { atMs: arena.nowMs(), step: lookout.cursor })
  const isIn = (ref: InstanceRef): boolean => world.has(ref) && letsIn(world.at(ref))
  return {
    look: () => {
      const isCut = lookout.run?.steps['revoke']?.status === 'done'
      if (isCut && isIn(writer)) keep('insideAfterCut')
      if (isCut && !world.at(writer).isolated) keep('isolationLifted')
      if (isIn(successor)) keep('insideCopy')
    },
    facts: async () => ({
      intrusion: {
        seen,
        letIn: [writer, successor, ...copies].filter(isIn).map(({ instance }) => instance),
        openCopies: copies.filter((copy) => !world.at(copy).isolated).map(({ instance }) => instance),
        isAttackedKept: world.has(writer) && world.at(writer).secrets === 'revoked',
        preserved: world.effects.filter((effect) => effect.startsWith('preserve ')).map((effect) => effect.slice(9)),
      },
    }),
  }
}
