import type { MoveInput } from './input'
import type { Step } from '../model'

/** A step on what nobody can look at yet, of which a dry run can read nothing: a copy to be made, a standby that answers nobody. */
export const unseen = <Input extends MoveInput>(step: Step<Input>): Step<Input> => ({
  ...step,
  preview: async ({ input }) => ({ onCopy: input.successor.instance }),
})
