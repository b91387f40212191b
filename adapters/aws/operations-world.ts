import { LambdaClient } from '@aws-sdk/client-lambda'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import type { CalendarWorld } from '../../core/calendar/activity-due'
import { examinedCorruption } from '../../core/detection/examination'
import type { IntakeWorld } from '../../core/detection/intake'
import type { Examined } from '../../core/detection/plans'
import type { Scenario } from '../../core/detection/scenarios'
import type { EscalationWorld } from '../../core/escalation/escalate'
import type { Policy } from '../../core/policy'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import type { ConditionalStore } from '../../core/ports/conditional-store'
import { isPortError } from '../../core/ports/errors'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { coordinationStores } from './coordination-stores'
import { setting, settingPairs, type AwsEnvironment } from './environment'
import { LambdaHealth } from './lambda-health'
import { ownEvidence } from './own-evidence'
import { ownWorld, type OwnWorld } from './own-world'
import { SnsNotifier } from './sns-notifier'
import { StepFunctionsMachines } from './step-functions-machines'

/** Writer of the evidence chain of the functions that detect and escalate. */
const EVIDENCE_WRITER = 'operations'
/** Room for calling an observer on top of the time it needs by itself. */
const OBSERVER_CALL_MS = 10_000

/** What opens incidents needs of its region. */
export function intakeWorld(environment: AwsEnvironment): IntakeWorld {
  const world = ownWorld(environment)
  const places = coordinationStores(environment)
  return {
    policy: world.policy,
    places,
    evidence: ownEvidence(environment, world, EVIDENCE_WRITER),
    clock: systemClock,
    examine: (scenario) => examined(scenario, places.recovery, world.policy),
    // What is noticed is answered also while another region is dark: its own intake plans what it executes.
    ...runsOf(environment, (region) => region === world.region),
  }
}

/** What the looks at databases have written down. Nobody waits for it: while it cannot be read, people examine. */
async function examined(
  scenario: Scenario,
  store: ConditionalStore,
  { verification, readiness }: Policy,
): Promise<Examined> {
  if (scenario !== 'database-corruption') return {}
  // Two looks: one that drifts over the time of the next is not forgotten in between.
  const freshHours = 2 * Math.max(verification.replica.everyMinutes / 60, readiness.baselineMaxAgeHours)
  try {
    const corruption = await examinedCorruption(store, { now: systemClock.now(), freshHours })
    return corruption ? { corruption } : {}
  } catch (error) {
    if (!isPortError(error)) throw error
    return {}
  }
}

/** What can be started, in the regions that are asked for, and what it is about. */
export function runsOf(
  environment: AwsEnvironment,
  among: (region: string) => boolean = () => true,
): Pick<IntakeWorld, 'machines' | 'instances'> {
  const world = ownWorld(environment)
  const declared = [...settingPairs(environment, 'runbookMachines')]
  const machines = new Map(declared.filter(([name]) => among(name.slice(name.indexOf('@') + 1))))
  const instances = instancesOf(environment, world)
  const rebuilt = setting(environment, 'rebuiltInstance')
  return {
    machines: new StepFunctionsMachines((region) => new SFNClient(clientSettings(region)), machines),
    instances: {
      ...instances,
      ...(rebuilt !== 'none' && { rebuilt: { region: instances.primary.region, instance: rebuilt } }),
    },
  }
}

export function escalationWorld(environment: AwsEnvironment): EscalationWorld {
  const world = ownWorld(environment)
  const topics = settingPairs(environment, 'topics')
  return {
    policy: world.policy,
    places: coordinationStores(environment),
    notifier: new SnsNotifier(new SNSClient(clientSettings(world.region)), topics),
    clock: systemClock,
  }
}

export function calendarWorld(environment: AwsEnvironment): CalendarWorld {
  return {
    ...escalationWorld(environment),
    evidence: ownEvidence(environment, ownWorld(environment), EVIDENCE_WRITER),
  }
}

/** Who observes the service, and the instances that are observed. */
export function healthWorld(
  environment: AwsEnvironment,
): Pick<IntakeWorld, 'instances'> & { readonly health: LambdaHealth } {
  const world = ownWorld(environment)
  const { regions } = withRecoveryRegion(world.policy).topology
  const { consecutiveFailures, probeEverySeconds, probeTimeoutSeconds } = world.policy.pace.detection
  const { attempts, everySeconds } = world.policy.operations.availability
  const slowestSeconds = Math.max(
    consecutiveFailures * Math.max(probeEverySeconds, probeTimeoutSeconds),
    attempts * everySeconds + probeTimeoutSeconds,
  )
  const deadlineMs = slowestSeconds * 1000 + OBSERVER_CALL_MS
  const client = (region: string) => new LambdaClient(clientSettings(region, { attempts: 1, answerMs: deadlineMs }))
  const here = client(regions.recovery)
  const observers = {
    recoveryProbe: { client: here, name: setting(environment, 'recoveryProbe') },
    witnessProbe: { client: client(regions.witness), name: setting(environment, 'witnessProbe') },
    replicaObserver: (of: string) => ({ client: client(of), name: setting(environment, 'replicaObserver') }),
    probed: regions.primary,
    deadlineMs,
  }
  return { health: new LambdaHealth(observers, () => systemClock.now()), instances: instancesOf(environment, world) }
}

function instancesOf(environment: AwsEnvironment, { policy }: OwnWorld): IntakeWorld['instances'] {
  const { primary, recovery } = withRecoveryRegion(policy).topology.regions
  return {
    primary: { region: primary, instance: setting(environment, 'primaryInstance') },
    replica: { region: recovery, instance: setting(environment, 'replicaInstance') },
  }
}
