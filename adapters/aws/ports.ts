import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { withRecoveryRegion, type TwoRegionPolicy } from '../../core/policy/two-regions'
import type { Ports } from '../../core/ports'
import type { DeployedPrivilege } from '../../core/runbook/model'
import { systemClock } from '../local/clock'
import { AwsApplicationTier } from './application-tier'
import { checkpointedEvidence } from './checkpointed-evidence'
import { clientSettings, refuseForeignEndpoints } from './client-settings'
import { deniedStore, portsOfPrivilege } from './denied'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import { setting, type AwsEnvironment } from './environment'
import { KmsDataKeys } from './kms-data-keys'
import { KmsSigner } from './kms-signer'
import { LambdaFence } from './lambda-fence'
import { LambdaHealth } from './lambda-health'
import { logReporter } from './log'
import { ownDatabase } from './own-database'
import { readPolicy } from './policy-layer'
import { RdsInventory } from './rds-inventory'
import { RdsPromotion } from './rds-promotion'
import { rdsSession } from './rds-session'
import { RelayedConditionalStore } from './relayed-conditional-store'
import { S3TrafficSwitch } from './s3-traffic-switch'
import { S3WriteOnceStore } from './s3-write-once-store'
import { authoritativeLookup, servedRegion } from './served-region'

/** Writer of the evidence chain that runbooks append to. */
const EVIDENCE_WRITER = 'runbook'
/** Longest wait for the coordination reader, which itself waits for a store in another region. */
const RELAY_MS = 10_000
/** Room for calling an observer on top of the time it needs by itself. */
const OBSERVER_CALL_MS = 10_000

/**
 * The ports of a runbook function in the recovery region: those of its privilege over AWS, all others denied, so that
 * code and role agree. The one place where AWS clients are composed for a runbook. Throws where the environment lacks a
 * variable or the policy layer is not the expected one.
 */
export function awsPorts(privilege: DeployedPrivilege, environment: AwsEnvironment): Ports {
  refuseForeignEndpoints(environment)
  const policy = withRecoveryRegion(readPolicy(environment))
  const { recovery } = policy.topology.regions
  const recoveryStore = new DynamoConditionalStore(
    new DynamoDBClient(clientSettings(recovery)),
    setting(environment, 'recoveryTable'),
  )
  const shared: Shared = {
    clock: systemClock,
    reporter: logReporter,
    coordination: { recovery: recoveryStore, witness: deniedStore(privilege, 'the witness store') },
  }
  return portsOfPrivilege(privilege, { ...shared, ...PORTS_OF[privilege](environment, policy, shared) })
}

type Shared = Pick<Ports, 'clock' | 'reporter' | 'coordination'>
type Compose = (environment: AwsEnvironment, policy: TwoRegionPolicy, shared: Shared) => Partial<Ports>

const PORTS_OF: Readonly<Record<DeployedPrivilege, Compose>> = {
  observe: (environment, policy, { coordination }) => {
    const { recovery, witness } = policy.topology.regions
    const { consecutiveFailures, probeEverySeconds, probeTimeoutSeconds } = policy.pace.detection
    const deadlineMs = consecutiveFailures * Math.max(probeEverySeconds, probeTimeoutSeconds) * 1000 + OBSERVER_CALL_MS
    const here = observerClient(recovery, deadlineMs)
    return {
      coordination: {
        ...coordination,
        witness: new DynamoConditionalStore(
          new DynamoDBClient(clientSettings(witness)),
          setting(environment, 'witnessTable'),
        ),
      },
      inventory: new RdsInventory(new RDSClient(clientSettings(recovery)), recovery),
      health: new LambdaHealth(
        {
          recoveryProbe: { client: here, name: setting(environment, 'recoveryProbe') },
          witnessProbe: { client: observerClient(witness, deadlineMs), name: setting(environment, 'witnessProbe') },
          replicaObserver: { client: here, name: setting(environment, 'replicaObserver') },
          deadlineMs,
        },
        () => systemClock.now(),
      ),
    }
  },

  fence: (environment, policy) => {
    const { primary } = policy.topology.regions
    const deadlineMs = policy.pace.fenceAttemptSeconds * 1000
    return {
      fence: new LambdaFence(observerClient(primary, deadlineMs), setting(environment, 'fence'), deadlineMs),
    }
  },

  promote: (_environment, policy) => {
    const { recovery } = policy.topology.regions
    const client = new RDSClient(clientSettings(recovery))
    return { inventory: new RdsInventory(client, recovery), promotion: new RdsPromotion(client, recovery) }
  },

  database: (environment, policy, { coordination }) => {
    const { recovery } = policy.topology.regions
    const database = ownDatabase(environment, recovery, policy.database.name)
    const reader = setting(environment, 'coordinationReader')
    const client = observerClient(recovery, RELAY_MS)
    const keys = new KmsDataKeys(new KMSClient(clientSettings(recovery)), setting(environment, 'databaseKey'))
    return {
      coordination: { ...coordination, witness: new RelayedConditionalStore(client, reader, 'witness', RELAY_MS) },
      database: rdsSession(database, policy, coordination.recovery, keys),
    }
  },

  'switch-traffic': (environment, policy) => {
    const { recovery, witness } = policy.topology.regions
    const { zoneName, databaseName } = policy.dns
    const lookup = authoritativeLookup(zoneName)
    return {
      trafficSwitch: new S3TrafficSwitch(
        {
          recovery: {
            client: new S3Client(clientSettings(recovery)),
            bucket: setting(environment, 'recoverySwitchBucket'),
          },
          witness: {
            client: new S3Client(clientSettings(witness)),
            bucket: setting(environment, 'witnessSwitchBucket'),
          },
        },
        recovery,
        () => servedRegion(lookup, `${databaseName}.${zoneName}`),
      ),
    }
  },

  application: (_environment, policy) => {
    const { recovery } = policy.topology.regions
    const lambda = new LambdaClient(clientSettings(recovery))
    return { application: new AwsApplicationTier(new ECSClient(clientSettings(recovery)), lambda) }
  },

  report: (environment, policy, { clock }) => {
    const { primary, recovery } = policy.topology.regions
    const store = new S3WriteOnceStore(new S3Client(clientSettings(recovery)), setting(environment, 'evidenceBucket'))
    const identity = {
      region: recovery,
      writer: EVIDENCE_WRITER,
      environment: policy.environment,
      policyHash: setting(environment, 'policyHash'),
    }
    const signer = new KmsSigner(new KMSClient(clientSettings(recovery)), setting(environment, 'evidenceKey'))
    // The primary region's chain is read from its replicated copy in our own bucket.
    const others = [{ chain: { region: primary, writer: EVIDENCE_WRITER }, store }]
    return { evidence: checkpointedEvidence(store, signer, clock, identity, others) }
  },
}

/** A client whose one attempt may last as long as the function it calls. */
const observerClient = (region: string, answerMs: number): LambdaClient =>
  new LambdaClient(clientSettings(region, { attempts: 1, answerMs }))
