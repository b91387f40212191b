/** How a person does a step, in a shell that holds the `values` of the procedure. */
export interface ByHand {
  /** In this order, each to be copied as it is; none where a person only looks or decides. */
  readonly commands: readonly string[]
  /** What has to be seen before the next step begins. */
  readonly goOnWhen: string
  /** Takes the step back, where it has a way back. */
  readonly wayBack?: readonly string[]
}

/** By the id of the step. */
export type StepsByHand = Readonly<Record<string, ByHand>>
