import type { MoveStep } from './input'

/** A step on a copy that nobody has made yet, of which a dry run can read nothing. */
export const unseen = (step: MoveStep): MoveStep => ({
  ...step,
  preview: async ({ input }) => ({ onCopy: input.successor.instance }),
})
