import { PRIMARY, REPLICA, type MemoryWorld } from '../../../../adapters/memory/world'
import { resolveIsolateAndRecoverInput } from '../../../../core/runbook/isolate-and-recover/input'
import { runbookNamed } from '../../../../core/runbook/runbooks'
import { answerApproval } from '../../../../core/coordination/approvals'
import { policy, RUN, TIER } from '../failover'
import { COPY, damaged } from './point-in-time-recovery'
import { answered, APPLICATION, DRY, failing, type Rehearsal, type Scenario } from './rehearsal'

type Prepare = (around: MemoryWorld) => void

/** A course in which people approve whatever they are asked. */
const approved = (scenario: Scenario): Scenario => ({
  ...scenario,
  prepare: async (around) => {
    answered(true)(around)
    await scenario.prepare?.(around)
  },
})

/** People who decide by the step that asks; undefined says nothing. */
const people =
  (decide: (step: string) => boolean | undefined): Prepare =>
  (around) => {
    const sleep = around.clock.sleep.bind(around.clock)
    around.clock.sleep = async (ms) => {
      await sleep(ms)
      for await (const { key } of around.stores.recovery.list('approvals/')) {
        const question = key.slice('approvals/'.length)
        const approve = decide(question.split('/')[1]!)
        if (approve === undefined) continue
        const answer = { by: 'ana', approve }
        await answerApproval(around.stores.recovery, question, answer, around.clock.now()).catch(() => {})
      }
    }
  }

const success = approved({ name: 'success', ends: 'succeeded' })
const unknownPoint: Scenario = {
  name: 'a clean point that nobody knows yet: access stays cut',
  run: { input: { suspect: undefined } },
  ends: 'find-clean-point CLEAN_POINT_UNKNOWN',
}
const leftBehind = approved({
  name: 'a way back that the attacker left in the copy: nobody enters',
  prepare: (around) => void (around.intrusion.leftBehind = [{ code: 'UNKNOWN_LOGIN', object: 'visitor' }]),
  ends: 'scan SCAN_FINDINGS',
})
const oneFinding = { input: { findings: ['DELETION_RATE'] } }
const byHand = { input: { operation: 'approval' } }
const withoutCopy: Prepare = failing('forensics.preserve', 'denied')

export const isolateAndRecover: Rehearsal = {
  runbook: runbookNamed('isolate-and-recover'),
  world: damaged,
  run: () => ({
    ...RUN,
    input: resolveIsolateAndRecoverInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'DATA_REWRITTEN',
      writer: PRIMARY,
      successor: COPY,
      copies: [REPLICA],
      findings: ['DELETION_RATE', 'APPEND_ONLY_CHANGED'],
      // The damaged world knows its moment.
      suspect: { kind: 'transaction', id: '4711' },
      knownAt: '2026-01-01T00:00:00.000Z',
      operation: 'automatic',
      applicationTier: TIER,
    }),
  }),
  scenarios: [
    success,
    DRY,
    unknownPoint,
    leftBehind,
    {
      name: 'an imported database, which our roles cannot copy: access is cut, and people recover it by its own template',
      run: { input: { restorable: false } },
      ends: 'find-clean-point IMPORTED_DATABASE',
    },
    // To cut access, asked where the policy or too few findings want it.
    approved({ name: 'an approval to cut access', run: byHand, ends: 'succeeded' }),
    {
      name: 'access that people do not want cut',
      prepare: people(() => false),
      run: byHand,
      ends: 'decide APPROVAL_DECLINED',
    },
    { name: 'access that nobody answers for', run: byHand, ends: 'decide APPROVAL_EXPIRED' },
    approved({ name: 'one finding that a person joins', run: oneFinding, ends: 'succeeded' }),
    { name: 'one finding that nobody joins', run: oneFinding, ends: 'decide APPROVAL_EXPIRED' },
    // To recover, always asked.
    {
      name: 'a recovery that people decline',
      prepare: people((step) => step !== 'find-clean-point'),
      ends: 'find-clean-point APPROVAL_DECLINED',
    },
    { name: 'a recovery that nobody answers for', ends: 'find-clean-point APPROVAL_EXPIRED' },
    // Controls that do not hold are for a person to accept.
    approved({ name: 'a forensic copy that fails, accepted by name', prepare: withoutCopy, ends: 'succeeded' }),
    {
      name: 'a forensic copy that fails, not accepted',
      prepare: (around) => {
        people((step) => step === 'find-clean-point')(around)
        withoutCopy(around)
      },
      ends: 'validate-compliance APPROVAL_DECLINED',
    },
    {
      name: 'later writes that cannot be told, and nobody who accepts it',
      prepare: (around) => {
        people((step) => (step === 'find-clean-point' ? true : undefined))(around)
        around.laterWrites.told = { kind: 'inconclusive', code: 'COMMIT_TIMES_OFF' }
      },
      ends: 'validate-compliance APPROVAL_EXPIRED',
    },
    approved({
      name: 'a copy that cannot be cut off, accepted by name',
      run: { input: { copies: [{ region: REPLICA.region, instance: 'clinic-g8' }] } },
      ends: 'succeeded',
    }),
    {
      name: 'a copy that cannot be cut off, not accepted',
      prepare: people((step) => step === 'find-clean-point'),
      run: { input: { copies: [{ region: REPLICA.region, instance: 'clinic-g8' }] } },
      ends: 'validate-compliance APPROVAL_DECLINED',
    },
    ...APPLICATION.map(approved),
    approved({
      name: 'a forensic copy that takes its time',
      prepare: (around) => void (around.intrusion.preserveSeconds = 600),
      ends: 'succeeded',
    }),
    approved({
      name: 'a forensic copy that is never finished',
      prepare: (around) => void (around.intrusion.preserveSeconds = 100_000),
      ends: 'succeeded',
    }),
    {
      name: 'a path that stays open',
      prepare: (around) => void (around.intrusion.pathStaysOpen = true),
      ends: 'isolate PATH_OPEN',
    },
    {
      name: 'an attacked database that still writes',
      prepare: (around) => void (around.heartbeat = { sequence: 9, at: '2027-01-01T00:00:00.000Z' }),
      ends: 'confirm STILL_WRITING',
    },
    {
      name: 'a database that is not there',
      run: { input: { writer: COPY, successor: PRIMARY } },
      ends: 'decide INSTANCE_MISSING',
    },
    { name: 'a copy of the same name', run: { input: { successor: PRIMARY } }, ends: 'decide SAME_DATABASE' },
    approved({
      name: 'an old secret that still lets somebody in',
      prepare: (around) => void (around.intrusion.survivingCredentials = ['clinic_jobs']),
      ends: 'rotate CREDENTIAL_ALIVE',
    }),
    approved({
      name: 'a measure that cannot be applied',
      prepare: (around) => void (around.intrusion.unapplied = ['passwords-are-scram']),
      ends: 'harden NOT_HARDENED',
    }),
    approved({
      name: 'a copy that is bad',
      prepare: (around) => void (around.verdict = 'fail'),
      ends: 'validate DATA_INVALID',
    }),
    approved({ name: 'a retry that helps', prepare: failing('containment.revoke', 'throttled', 2), ends: 'succeeded' }),
    {
      name: 'retries that do not',
      prepare: failing('containment.revoke', 'throttled'),
      ends: 'revoke INJECTED_THROTTLED',
    },
    approved({ name: 'a timeout', world: { restoreSeconds: 100_000 }, ends: 'restore-beside TIMEOUT' }),
  ],
  crashes: [success, leftBehind],
}
