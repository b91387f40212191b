import { LambdaClient } from '@aws-sdk/client-lambda'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import type { CalendarWorld } from '../../core/calendar/activity-due'
import type { IntakeWorld } from '../../core/detection/intake'
import type { EscalationWorld } from '../../core/escalation/escalate'
import { withRecoveryRegion } from '../../core/policy/two-regions'
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
  return {
    policy: world.policy,
    places: coordinationStores(environment),
    evidence: ownEvidence(environment, world, EVIDENCE_WRITER),
    clock: systemClock,
    ...runsOf(environment),
  }
}

/** What can be started in the function's region, and what it is about. */
export function runsOf(environment: AwsEnvironment): Pick<IntakeWorld, 'machines' | 'instances'> {
  const world = ownWorld(environment)
  const machines = settingPairs(environment, 'runbookMachines')
  return {
    machines: new StepFunctionsMachines(new SFNClient(clientSettings(world.region)), machines),
    instances: instancesOf(environment, world),
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
    replicaObserver: { client: here, name: setting(environment, 'replicaObserver') },
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
