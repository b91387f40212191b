import { z } from 'zod'
import type { DeskCall } from '../core/access/desk'
import type { Json } from '../core/json'
import type { Clock } from '../core/ports/clock'
import { isPortError } from '../core/ports/errors'
import type { Reporter } from '../core/ports/reporter'
import { classify } from '../core/runbook/failure'
import { UserError } from '../core/user-error'

/** What a run in AWS is watched with from here. */
export interface Watching {
  /** Asks the desk; what a port refuses is the cause of what it throws. */
  readonly ask: (call: DeskCall) => Promise<Json>
  readonly clock: Clock
  readonly reporter: Reporter
}

const LOOK_EVERY_MS = 2_000

/** How long the desk may be away: its region may be in trouble too, and the run goes on without it. */
const AWAY_MS = 120_000

/**
 * How long a run may stand where it stood, unless it waits for a person: as long as a function of AWS may take at most, and the
 * wait before it is tried again.
 */
const STILL_MS = 20 * 60_000

const status = z.looseObject({
  outcome: z.enum(['running', 'succeeded', 'stopped']),
  steps: z.array(z.object({ step: z.string(), status: z.string(), code: z.string().optional() })),
})

/**
 * Looks at a rollback that a machine in AWS drives again and again, until it has ended, and gives what the desk says of its end.
 * Throws UserError('RUN_STANDS_STILL') where it stands still and asks nobody, and the error of a desk that stays away.
 */
export async function watchRollback(id: string, watching: Watching): Promise<Json> {
  const { ask, clock, reporter } = watching
  const seen = new Map<string, string>()
  for (let movedMs = clock.monotonicMs(); ;) {
    const now = status.parse(await patiently(watching, () => ask({ operation: 'run-status', id })))
    for (const { step, status: stands, code } of now.steps) {
      if (seen.get(step) === stands) continue
      seen.set(step, stands)
      movedMs = clock.monotonicMs()
      reporter.emit({
        code: 'RUNBOOK_STEP',
        text: `${step}: ${stands}${code ? ` (${code})` : ''}`,
        data: { step, status: stands },
      })
    }
    if (now.outcome !== 'running') break
    if (now.steps.some(({ status: stands }) => stands === 'awaiting-approval')) movedMs = clock.monotonicMs()
    if (clock.monotonicMs() - movedMs > STILL_MS)
      throw new UserError(
        'RUN_STANDS_STILL',
        `'${id}' has not moved for ${STILL_MS / 60_000} minutes; what executes it may have died`,
        'run the same command again with the same --apply, which drives the run on from where it stands',
      )
    await clock.sleep(LOOK_EVERY_MS)
  }
  return patiently(watching, () => ask({ operation: 'rollback-result', id }))
}

/** Asks again where no answer came: how the run stands nobody else tells. */
async function patiently<T>({ clock, reporter }: Watching, ask: () => Promise<T>): Promise<T> {
  for (const beganMs = clock.monotonicMs(); ;) {
    try {
      return await ask()
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined
      const mayPass = isPortError(cause) && classify(cause).retryable
      if (!mayPass || clock.monotonicMs() - beganMs >= AWAY_MS) throw error
      reporter.emit({ code: 'DESK_AWAY', text: `no answer (${cause.code}); the run goes on, and is asked for again` })
      await clock.sleep(LOOK_EVERY_MS)
    }
  }
}
