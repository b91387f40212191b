import type { RunbookName } from '../core/detection/scenarios'
import type { Ports } from '../core/ports'
import type { RunbookMachines } from '../core/ports/runbook-machines'
import type { RunState } from '../core/runbook/model'
import { previewsOver, previewSteps, type Preview } from '../core/runbook/plan/previews'
import { isExecutable, runbookNamed } from '../core/runbook/runbooks'

/** What a run would do, step by step, seen before anything is done. */
export interface RunPlan {
  readonly runbook: RunbookName
  readonly steps: readonly { readonly id: string; readonly title: string; readonly preview: Preview }[]
}

/**
 * One reads all the data there is, the other asks an application that may hang with its database. Clients wait for the end of the
 * plan, and the run does both.
 */
const LEFT_TO_THE_RUN: readonly string[] = ['validate', 'serve']

/**
 * Plans here and now what a machine of the region would plan; it starts nothing that changes anything. Steps of different
 * privileges are looked at side by side, since clients wait for what follows.
 */
export class PlanningMachines implements RunbookMachines {
  private readonly made = new Map<string, RunPlan>()

  constructor(private readonly ports: Ports) {}

  has(runbook: RunbookName): boolean {
    return isExecutable(runbook)
  }

  async start(name: RunbookName, run: RunState): Promise<'started' | 'already-started'> {
    const { runId, mode } = run
    if (mode !== 'dry-run') throw new Error(`'${runId}' is a run in mode '${mode}', and only plans are made here`)
    if (this.made.has(runId)) return 'already-started'
    const runbook = runbookNamed(name)
    const previews = await previewSteps(
      runbook,
      previewsOver(runbook, this.ports),
      run,
      (step) => !LEFT_TO_THE_RUN.includes(step),
    )
    this.made.set(runId, {
      runbook: name,
      steps: runbook.steps.map(({ id, title }) => ({
        id,
        title,
        preview: previews.get(id) ?? { notSeen: 'LEFT_TO_THE_RUN' },
      })),
    })
    return 'started'
  }

  planOf(runId: string): RunPlan | undefined {
    return this.made.get(runId)
  }
}
