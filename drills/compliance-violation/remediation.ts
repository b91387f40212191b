import { systemClock } from '../../adapters/local/clock'
import type { MemoryAccount } from '../../adapters/memory/account'
import { MemoryWorld, PRIMARY, REPLICA } from '../../adapters/memory/world'
import type { Finding } from '../../core/compliance/find'
import type { OperatorWorld } from '../../core/operator'
import type { TwoRegionPolicy } from '../../core/policy'
import type { Ports } from '../../core/ports'
import type { EvidenceLog } from '../../core/ports/evidence-log'
import type { Reporter } from '../../core/ports/reporter'
import { complianceRemediation } from '../../core/runbook/compliance-remediation'
import { resolveRemediation } from '../../core/runbook/compliance-remediation/resolve'
import { drive } from '../../core/runbook/engine'
import type { RunState } from '../../core/runbook/model'
import { incidentsOf, ring, type DrillIncidents, type OpenedIncident } from '../incident'
import { actor, answering } from './people'

/** Who remedies, in which account, and where it is recorded. */
export interface Remedying {
  readonly policy: TwoRegionPolicy
  readonly runId: string
  readonly account: MemoryAccount
  readonly operator: OperatorWorld
  readonly evidence: EvidenceLog
  readonly reporter: Reporter
}

/** A violation that was answered: its incident, how that is closed, and the run. */
export interface Remedied {
  readonly answered: OpenedIncident
  readonly incidents: DrillIncidents
  readonly run: RunState
}

/** Lets the alarm of the rules ring, and runs what its incident has planned as an operator would, with a second person. */
export async function remedy(drill: Remedying, found: readonly Finding[]): Promise<Remedied> {
  const { policy, runId, operator, reporter } = drill
  const { primary: region } = policy.topology.regions
  const ports = portsOf(drill)
  const incidents = incidentsOf({
    policy,
    ports,
    runId,
    // Nothing of the remedy is about a database.
    instances: { primary: { ...PRIMARY, region }, replica: REPLICA },
    say: (text) => reporter.emit({ code: 'DRILL_PROGRESS', text }),
  })
  const answered = await incidents.open(ring('compliance', region), async () => ({ violations: found }))
  const input = resolveRemediation(policy, {
    incidentId: answered.incident.id,
    reasonCode: 'DRILL',
    region,
    findings: found,
    operation: 'approval',
    pollEverySeconds: policy.rehearsal.pace.pollEverySeconds,
  })
  let ended = false
  const [run] = await Promise.all([
    drive(complianceRemediation, ports, { runId, mode: 'drill', startedBy: 'drill', input }).finally(
      () => void (ended = true),
    ),
    answering({ ...operator, actor: actor('incident-commander') }, runId, () => ended),
  ])
  return { answered, incidents, run }
}

function portsOf({ policy, account, operator, evidence, reporter }: Remedying): Ports {
  const { lease, dns } = policy.rehearsal.pace
  // It has no database: the remediation asks for none.
  const nowhere = new MemoryWorld({ lease, promotionSeconds: 0, ttlSeconds: dns.ttlSeconds }).ports()
  return {
    ...nowhere,
    clock: systemClock,
    coordination: operator.places,
    evidence,
    compliance: account,
    remedies: account,
    reporter,
  }
}
