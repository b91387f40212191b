import type { DataCheck } from '../../../core/ports/database'
import type { RestoreTest } from '../../../core/ports/restore-tests'
import { judgeRestore, type RestoreExpectations } from '../../../core/verification/judge-restore'

const test: RestoreTest = {
  jobId: 'job-1',
  state: 'completed',
  startedAt: '2026-11-22T13:00:00.000Z',
  completedAt: '2026-11-22T13:40:00.000Z',
  recoveryPointAt: '2026-11-20T05:00:00.000Z',
}
const expected: RestoreExpectations = {
  checks: ['constraints', 'structure', 'freshness', 'restore-time'],
  oldestHeartbeatSeconds: 600,
  restoreSeconds: 7200,
}
const verdicts = { content: 'inconclusive', constraints: 'pass', sequences: 'pass', structure: 'pass' } as const
const lastHeartbeatAt = '2026-11-20T04:59:30.000Z'

interface Given {
  readonly checks?: Readonly<Record<string, DataCheck['verdict']>>
  /** Null for a copy that holds none. */
  readonly heartbeat?: string | null
  readonly overrides?: Partial<RestoreTest>
  readonly inspected?: readonly DataCheck[]
  readonly declared?: RestoreExpectations['checks']
}
const judge = ({
  checks = verdicts,
  heartbeat = lastHeartbeatAt,
  overrides = {},
  inspected = [],
  declared = expected.checks,
}: Given = {}) =>
  judgeRestore(
    { ...test, ...overrides },
    {
      validation: {
        verdict: 'pass',
        checks: Object.entries(checks).map(([name, verdict]) => ({ name, verdict, detail: null })),
      },
      inspected,
      ...(heartbeat && { lastHeartbeatAt: heartbeat }),
    },
    { ...expected, checks: declared },
  )

it('passes where every declared check ran and passed, and measures what a real restore would have meant', () => {
  expect(judge()).toMatchObject({
    verdict: { status: 'successful', code: 'ALL_CHECKS_PASSED' },
    restoreSeconds: 2400,
    lostSeconds: 30,
  })
})

it.each<[string, Given, string]>([
  ['a declared check that failed', { checks: { ...verdicts, structure: 'fail' } }, 'STRUCTURE_FAIL'],
  ['a declared check without an answer', { declared: ['content'] }, 'CONTENT_INCONCLUSIVE'],
  [
    'a copy that anybody may enter',
    { inspected: [{ name: 'security', verdict: 'fail', detail: null }] },
    'SECURITY_FAIL',
  ],
  ['a declared look at the security that did not happen', { declared: ['security'] }, 'SECURITY_NOT_RUN'],
  ['a declared check that nobody ran', { checks: { constraints: 'pass' } }, 'STRUCTURE_NOT_RUN'],
  [
    'damage that a check found although nobody declared it',
    { checks: { ...verdicts, sequences: 'fail' } },
    'SEQUENCES_FAIL',
  ],
  ['a heartbeat that is too old', { heartbeat: '2026-11-20T04:49:59.000Z' }, 'FRESHNESS_FAIL'],
  ['a copy without a heartbeat', { heartbeat: null }, 'FRESHNESS_INCONCLUSIVE'],
  ['a restore that took too long', { overrides: { completedAt: '2026-11-22T15:00:01.000Z' } }, 'RESTORE_TIME_FAIL'],
  ['a restore that nobody timed', { overrides: { completedAt: undefined } }, 'RESTORE_TIME_INCONCLUSIVE'],
])('fails for %s', (_name, given, code) => {
  expect(judge(given).verdict).toEqual({ status: 'failed', code })
})

it('counts no loss where the snapshot holds a heartbeat after its own stamp', () => {
  expect(judge({ heartbeat: '2026-11-20T05:00:20.000Z' })).toMatchObject({
    verdict: { status: 'successful' },
    lostSeconds: 0,
  })
})
