import { databaseNode } from '../adapters/memory/database-node'
import { PRIMARY, REPLICA, type MemoryWorld } from '../adapters/memory/world'
import { complianceRemediation } from '../core/runbook/compliance-remediation'
import { resolveRemediation } from '../core/runbook/compliance-remediation/resolve'
import { isolateAndRecover } from '../core/runbook/isolate-and-recover'
import { resolveIsolateAndRecoverInput, type IntrusionFinding } from '../core/runbook/isolate-and-recover/input'
import { restoreTest } from '../core/runbook/restore-test'
import { resolveRestoreTestInput } from '../core/runbook/restore-test/input'
import { VIOLATED, violate, watchAccount } from './account'
import { BAD_TRANSACTION, COPY, withBadTransaction } from './bad-transaction'
import { watchIntruder } from './intruder'
import { driven, policy, RUN, STAYS, type Scenario } from './scenario'
import { watchTestCopy } from './test-copy'
import type { Watcher } from './watch'

const SUSPECT = { kind: 'transaction', id: BAD_TRANSACTION } as const

const isolateAndRecoverWhere = (
  name: string,
  findings: readonly IntrusionFinding[],
  accident: Scenario['accident'],
): Scenario => ({
  name: `isolate-and-recover: ${name}`,
  ...driven(isolateAndRecover),
  run: (random) => ({
    ...RUN,
    input: resolveIsolateAndRecoverInput(policy, {
      incidentId: 'incident-1',
      reasonCode: 'DATA_REWRITTEN',
      writer: PRIMARY,
      successor: COPY,
      copies: [REPLICA],
      findings,
      suspect: SUSPECT,
      knownAt: '2026-01-01T00:00:00.000Z',
      operation: random.pick(['automatic', 'approval']),
      applicationTier: policy.rehearsal.applicationTier,
    }),
  }),
  move: { isPlanned: true },
  prepare: withBadTransaction,
  accident,
  watch: watchIntruder as Watcher<never> as Watcher,
})

const restoreTestWhere = (name: string, prepare: (world: MemoryWorld) => void): Scenario => ({
  name: `restore-test: ${name}`,
  ...driven(restoreTest),
  run: (random) => ({
    ...RUN,
    input: resolveRestoreTestInput(policy, {
      reasonCode: 'RESTORE_TEST',
      writer: PRIMARY,
      successor: COPY,
      target: random.pick([{ kind: 'latest' }, SUSPECT]),
    }),
  }),
  prepare: async (world) => {
    await withBadTransaction(world)
    prepare(world)
    return STAYS
  },
  accident: () => ({}),
  watch: watchTestCopy as Watcher<never> as Watcher,
})

const remediationWhere = (name: string, isWanted: (code: string) => boolean): Scenario => ({
  name: `compliance-remediation: ${name}`,
  ...driven(complianceRemediation),
  run: (random) => {
    const able = VIOLATED.filter(({ code }) => isWanted(code))
    const some = able.filter(() => random.chance(0.5))
    return {
      ...RUN,
      input: resolveRemediation(policy, {
        incidentId: 'incident-1',
        reasonCode: 'COMPLIANCE_VIOLATION',
        region: PRIMARY.region,
        findings: (some.length > 0 ? some : able).map(({ code, declared }) => ({ code, declared })),
        operation: random.pick(['automatic', 'approval']),
      }),
    }
  },
  prepare: async ({ account }) => {
    violate(account)
    return STAYS
  },
  accident: () => ({}),
  // What was put right is looked at again because somebody may be at work there.
  invites: {
    share: 0.5,
    fault: (random) => ({
      kind: 'account-tampered-with',
      step: random.pick(['remedy', 'validate']),
      lasts: { afterSeconds: random.pick([0, random.between(0, 90)]), forSeconds: random.between(20, 300) },
    }),
  },
  watch: watchAccount as Watcher<never> as Watcher,
})

/** Runbooks that answer an attack, test a backup, and put an account right. */
export const INCIDENT_SCENARIOS: readonly Scenario[] = [
  isolateAndRecoverWhere('two findings agree', ['DELETION_RATE', 'APPEND_ONLY_CHANGED'], () => ({})),
  isolateAndRecoverWhere('one finding, and a database closed by its lease alone', ['DELETION_RATE'], () => ({
    fenceProves: false,
  })),
  isolateAndRecoverWhere('a forensic copy takes its time', ['GUARDDUTY', 'CONTENT_DIFFERS'], (random) => ({
    intrusion: { preserveSeconds: random.between(60, 2_000) },
  })),
  restoreTestWhere('the database serves', () => {}),
  restoreTestWhere('another database has the name of the copy', (world) => {
    world.addOther(databaseNode(COPY, { loginsOpen: false }))
  }),
  remediationWhere('some ask before they take something away', () => true),
  remediationWhere('none takes anything away', (code) => code !== 'copy-unencrypted'),
]
