import {
  breakDown,
  failoverObjectives,
  measureWorkload,
  phaseSeconds,
  projectRegionFailover,
  REGION_FAILOVER_PHASES,
  verdictOf,
  type DrillResult,
  type WorkloadEvent,
  type WorkloadMeasurement,
} from '../../../core/measurement'
import type { DrillContext } from '../../../core/reporting'
import { resolvePolicy } from '../../../policy'
import { attempt, FAULT_NS, NEW, OLD, stream } from '../measurement/events'

const START = Date.UTC(2026, 10, 23, 12)
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString()

/** Four clients around a fault at 0: steady, silent from 0.05 s, served again from 4.1 s, a slow start. */
function* log(): Generator<WorkloadEvent> {
  const clients = [1, 2, 3, 4].map((client) => ({ client, sequence: 0, now: -6 + client / 1000 }))
  for (;;) {
    const next = clients.toSorted((a, b) => a.now - b.now)[0]!
    if (next.now > 8) return
    next.sequence += 1
    const wave = 1 + 0.4 * Math.sin(next.sequence / 37) + (next.sequence % 97 === 0 ? 6 : 0)
    if (next.now < 0.02) {
      yield* attempt('acknowledged', next.client, next.sequence, next.now, 0.004 * wave, OLD)
      next.now += 0.004 * wave + 0.0005
    } else if (next.now < 4.1 + next.client / 20) {
      yield* attempt(next.sequence % 9 === 0 ? 'unknown' : 'refused', next.client, next.sequence, next.now, 0.08, OLD)
      next.now += 0.13
    } else {
      const took = (next.now < 5 ? 0.011 : 0.0045) * wave
      yield* attempt('acknowledged', next.client, next.sequence, next.now, took, NEW)
      next.now += took + 0.0005
    }
  }
}

const STEPS: readonly [name: string, title: string, startedAt: number, finishedAt: number][] = [
  ['decide', 'Decide that the primary region is lost', 1.5, 1.62],
  ['claim-epoch', 'Claim the right to write for the successor', 1.62, 1.68],
  ['fence', 'Fence the old writer', 1.68, 3.2],
  ['confirm', 'Confirm that nothing writes any more', 3.2, 3.24],
  ['promote', 'Promote the replica', 3.24, 3.62],
  ['prove', 'Prove that the new writer writes', 3.62, 3.66],
  ['switch-traffic', 'Switch traffic to the new writer', 3.66, 3.72],
  ['validate', 'Validate the data', 3.72, 4.05],
  ['replay-ledger', 'Replay the erasure ledger', 4.05, 4.07],
  ['open', 'Open the new writer to the applications', 4.07, 4.12],
  ['report', 'Record the evidence', 4.12, 4.15],
]

/** A whole drill, made up, for looking at the report. */
export async function exampleDrill(
  change: { readonly lost?: number } = {},
): Promise<{ result: DrillResult; workload: WorkloadMeasurement; context: DrillContext }> {
  const policy = resolvePolicy('production')
  const workload = await measureWorkload(stream(log()), {
    faultNs: FAULT_NS,
    recoveredEndpoint: NEW,
    bucketSeconds: 0.1,
  })
  const phases = breakDown({
    faultAt: at(0),
    servedAgainAt: workload.servedAgainAt,
    steps: STEPS.map(([name, , , finished]) => ({ name, finishedAt: at(finished) })),
    endsWith: REGION_FAILOVER_PHASES,
  })
  const seconds = phaseSeconds(phases)
  const lost = change.lost ?? 3
  const rpoSeconds = lost > 100 ? 400.2 : lost / 100
  const projected = projectRegionFailover(policy, { reconnectSeconds: seconds.reconnectSeconds ?? 0 })
  const objectives = failoverObjectives(policy.objectives, {
    outageSeconds: workload.outage?.seconds,
    projectedOutageSeconds: projected.totalSeconds,
    rpoSeconds,
    dataRecoverySeconds: 4.05,
    content: 'pass',
    ghosts: 0,
    disagreements: 0,
    oldPrimaryWritesAccepted: 0,
  })
  return {
    workload,
    result: {
      drill: 'regional-outage',
      verdict: verdictOf(objectives),
      objectives,
      measurements: {
        outageSeconds: workload.outage?.seconds ?? null,
        ...seconds,
        rpoSeconds,
        acknowledged: workload.acknowledged,
        lost,
        ghost: 0,
        unknown: workload.unknown,
      },
      steps: STEPS.map(([name, title, started, finished]) => ({
        name,
        title,
        outcome: 'done',
        attempts: 1,
        startedAt: at(started),
        seconds: finished - started,
      })),
      evidence: [
        {
          id: `ev-${'4f'.repeat(16)}`,
          region: 'eu-west-1',
          sequence: 0,
          hash: '9c'.repeat(32),
          artefacts: [{ name: 'lost.jsonl', path: '.recovery/reports/drill-1-lost.jsonl', sha256: '5e'.repeat(32) }],
        },
      ],
      report: null,
    },
    context: {
      environment: 'test',
      policyHash: 'cd'.repeat(32),
      startedAt: at(-6),
      fault: 'host',
      replication: 'async',
      from: 'sa-east-1',
      to: 'eu-west-1',
      clients: 4,
      incident: {
        incident: {
          id: 'region-lost-eu-west-1-20261123T1200',
          scenario: 'data-center-outage',
          severity: 'critical',
          reasonCode: 'ALARM_REGION_LOST',
          guide: 'disasters.md#data-center-outage',
          openedBy: 'incident-intake',
          openedAt: at(2),
        },
        runbook: 'region-failover',
        steps: [
          { id: 'promote', title: 'Promote the replica', preview: { seen: { role: 'replica' } } },
          { id: 'validate', title: 'Validate the data', preview: { notSeen: 'DATABASE_DEADLINE' } },
        ],
        planSeconds: 0.2,
      },
      phases,
      lost: {
        count: lost,
        ids: Array.from({ length: Math.min(lost, 150) }, (_, index) => ({
          client: 1 + (index % 4),
          sequence: 1300 + index,
        })),
      },
      ghost: { count: 0, ids: [] },
      unknown: { count: workload.unknown, ids: [{ client: 2, sequence: 1341 }] },
      projection: { ...projected, targetSeconds: policy.objectives.rto.criticalServicesMinutes * 60 },
      oldPrimary: [
        { way: 'resumed session', role: 'clinic_app', refused: true, code: '57P01' },
        { way: 'cached address', role: 'clinic_app', refused: true, code: '28000' },
        { way: 'direct endpoint', role: 'clinic_admin', refused: true, code: '28000' },
      ],
      notes: [
        'Health checks, fencing and coordination cross no distance here: at the pace of the rehearsal their deadlines are shorter than in production by far more than the distance would take.',
      ],
    },
  }
}
