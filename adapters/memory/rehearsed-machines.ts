import type { Places } from '../../core/coordination/places'
import type { RunbookName } from '../../core/detection/scenarios'
import type { Policy } from '../../core/policy'
import type { Clock } from '../../core/ports/clock'
import type { RunbookMachines } from '../../core/ports/runbook-machines'
import { advance } from '../../core/runbook/advance'
import type { RunState } from '../../core/runbook/model'
import { runbookNamed } from '../../core/runbook/runbooks'
import { isStarted } from '../../core/runbook/starts'
import { MemoryWorld } from './world'

/**
 * Makes the first step of a run, by which it asks its second person, and no more: for rehearsals of who starts and who
 * approves. What a run does with databases, a drill rehearses.
 */
export class RehearsedMachines implements RunbookMachines {
  private readonly started = new Set<string>()

  constructor(
    private readonly policy: Pick<Policy, 'pace'>,
    private readonly places: Places,
    private readonly clock: Clock,
  ) {}

  has(runbook: RunbookName): boolean {
    return isStarted(runbook)
  }

  async start(runbook: RunbookName, run: RunState, execution = run.runId): Promise<'started' | 'already-started'> {
    if (this.started.has(execution)) return 'already-started'
    const { lease, dns } = this.policy.pace
    const nowhere = new MemoryWorld({ lease, promotionSeconds: 0, ttlSeconds: dns.ttlSeconds })
    const ports = { ...nowhere.ports(), coordination: this.places, clock: this.clock }
    await advance(runbookNamed(runbook), ports, run)
    this.started.add(execution)
    return 'started'
  }
}
