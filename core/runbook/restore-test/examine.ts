import type { StepContext } from '../model'
import { RESTORE_BESIDE } from '../steps/restore-beside'
import type { RestoreTestInput, RestoreTestStep } from './input'
import { testStep } from './test-step'

/** What was not looked at is not proven: a check without an answer fails the test by its name. */
export const examine: RestoreTestStep = {
  ...testStep,
  id: 'examine',
  title: 'Examine the copy',
  byHand:
    'In the copy, compare content, constraints and sequences with the stored baseline, run amcheck, and read the newest heartbeat: it must not be much older than the moment that was restored.',
  privilege: 'database',
  // A copy that fails is removed like any other; the report says what it was.
  onFailure: 'continue',
  timeoutSeconds: (input) => input.examinationSeconds,
  begin: async (context) => {
    const { ports, input, run } = context
    if (run.steps[RESTORE_BESIDE]?.status !== 'done') return { kind: 'failed', code: 'NOT_RESTORED' }
    const { checks } = await ports.database.validate(input.successor)
    const measured = await measure(context)
    const judged: Record<string, string> = {
      ...Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict])),
      freshness: within(measured.lostSeconds, input.expected.oldestHeartbeatSeconds),
      'restore-time': within(measured.restoreSeconds, input.expected.restoreSeconds),
    }
    const wanting = Object.entries(judged).find(([, verdict]) => verdict !== 'pass')
    const output = { checks: judged, ...measured }
    if (!wanting) return { kind: 'done', output }
    const [name, verdict] = wanting
    return { kind: 'failed', code: `${name}_${verdict}`.replaceAll('-', '_').toUpperCase(), detail: output }
  },
  preview: async ({ input }) => ({ wouldExamine: input.successor.instance }),
  undo: { none: 'it changes nothing' },
}

async function measure({ ports, input, outputs, run }: StepContext<RestoreTestInput>) {
  const { at } = outputs['choose'] as { at: string }
  const heartbeat = await ports.database.lastHeartbeat(input.successor)
  const { startedAt, finishedAt } = run.steps[RESTORE_BESIDE]!
  return {
    restoreSeconds: startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : null,
    lostSeconds: heartbeat ? Math.max(0, (Date.parse(at) - Date.parse(heartbeat.at)) / 1000) : null,
  }
}

const within = (seconds: number | null, most: number): string => {
  if (seconds === null) return 'inconclusive'
  return seconds <= most ? 'pass' : 'fail'
}
