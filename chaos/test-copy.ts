import type { RestoreTestInput } from '../core/runbook/restore-test/input'
import type { Moment } from './facts'
import type { Watcher } from './watch'

/** The copy that a restore test makes, and whatever else has that name. */
export const watchTestCopy: Watcher<RestoreTestInput> = (arena, lookout, { writer, successor }) => {
  const { world } = arena
  const others = world.has(successor)
  let opened: Moment | undefined
  return {
    look: () => {
      if (!others && world.has(successor) && world.at(successor).loginsOpen)
        opened ??= { atMs: arena.nowMs(), step: lookout.cursor }
    },
    facts: async () => ({
      testCopy: {
        opened,
        othersRemoved: others && !world.has(successor),
        isLeft: !others && world.has(successor),
        writerServes: world.has(writer) && world.isWritable(writer),
      },
    }),
  }
}
