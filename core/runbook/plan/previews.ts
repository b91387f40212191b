import type { Json } from '../../json'
import type { Ports } from '../../ports'
import { isPortError } from '../../ports/errors'
import { advance } from '../advance'
import type { BaseInput, Privilege, Runbook, RunState } from '../model'
import type { MoveInput } from '../steps/input'

/** Makes one transition of a dry run where the privilege of its step is held. It reads, and changes nothing. */
export interface Previews<Input extends BaseInput = MoveInput> {
  of(privilege: Privilege, run: RunState<Input>): Promise<RunState>
}

/** Where one process holds every privilege: on a laptop, and in memory. */
export const previewsOver = <Input extends BaseInput>(runbook: Runbook<Input>, ports: Ports): Previews<Input> => ({
  of: (_, run) => advance(runbook, ports, run),
})

/** What a step would do, from reads alone, or why that could not be seen. */
export type Preview = { readonly seen: Json } | { readonly notSeen: string }

/**
 * Previews of the named steps of a run that has done nothing. They do not build on each other; those of one privilege come one
 * after the other, since its function has room for few at a time.
 */
export async function previewSteps<Input extends BaseInput>(
  runbook: Runbook<Input>,
  previews: Previews<Input>,
  fresh: RunState<Input>,
  wanted: (step: string) => boolean = () => true,
): Promise<ReadonlyMap<string, Preview>> {
  const steps = runbook.steps.filter(({ id }) => wanted(id))
  const seen = new Map<string, Preview>()
  const look = async (privilege: Privilege): Promise<void> => {
    for (const { id, attempts } of steps.filter((step) => step.privilege === privilege)) {
      const at: RunState<Input> = { ...fresh, cursor: { state: id, waitSeconds: 0 } }
      seen.set(id, await preview(previews, privilege, at, attempts))
    }
  }
  await Promise.all([...new Set(steps.map(({ privilege }) => privilege))].map(look))
  return seen
}

async function preview<Input extends BaseInput>(
  previews: Previews<Input>,
  privilege: Privilege,
  at: RunState<Input>,
  attempts: number,
): Promise<Preview> {
  const step = at.cursor.state
  try {
    let run: RunState = at
    // What may pass is tried again, as in the run itself.
    for (let tries = 0; tries < attempts && run.cursor.state === step; tries++)
      run = await previews.of(privilege, run as RunState<Input>)
    const { output, failure } = run.steps[step] ?? {}
    return failure ? { notSeen: failure.code } : { seen: output ?? null }
  } catch (error) {
    if (isPortError(error)) return { notSeen: error.code }
    throw error
  }
}
