import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { nextDatabaseName } from '../../core/policy/names'
import { withRecoveryRegion } from '../../core/policy/two-regions'
import type { Ports } from '../../core/ports'
import type { Privilege } from '../../core/runbook/model'
import { systemClock } from '../local/clock'
import { auditPorts, remedyPorts } from './account-ports'
import { AwsApplicationTier } from './application-tier'
import { checkpointedEvidence } from './checkpointed-evidence'
import { clientSettings } from './client-settings'
import type { Compose, SharedPorts } from './composition'
import { deniedStore, portsOfPrivilege } from './denied'
import { DynamoConditionalStore } from './dynamo-conditional-store'
import { setting, type AwsEnvironment } from './environment'
import { deployPorts } from './deploy-ports'
import { containmentPorts, credentialPorts, forensicsPorts, hardeningPorts } from './incident-ports'
import { besideCoordination, RELAY_MS } from './journal-beside'
import { KmsDataKeys } from './kms-data-keys'
import { KmsSigner } from './kms-signer'
import { LambdaFence } from './lambda-fence'
import { LambdaHealth } from './lambda-health'
import { logReporter } from './log'
import { ownDatabases, sessionsWith } from './own-database'
import { ownWorld } from './own-world'
import { protectedTables } from './protected-tables'
import { RdsInventory } from './rds-inventory'
import { RdsPromotion } from './rds-promotion'
import { rdsSession } from './rds-session'
import { RdsZoneStandby } from './rds-zone-standby'
import { RelayedConditionalStore } from './relayed-conditional-store'
import { s3LaterWrites } from './s3-later-writes'
import { copyRemovalPorts, restorePorts } from './restore-ports'
import { restoredDatabases } from './restored-databases'
import { S3TrafficSwitch } from './s3-traffic-switch'
import { S3WriteOnceStore } from './s3-write-once-store'
import { SecretsManagerCopies } from './secrets-manager-copies'
import { authoritativeLookup, servedInstance } from './served-instance'

/** Writer of the evidence chain that runbooks append to. */
const EVIDENCE_WRITER = 'runbook'
/** Room for calling an observer on top of the time it needs by itself. */
const OBSERVER_CALL_MS = 10_000

/**
 * The ports of a runbook function of a data region: those of its privilege over AWS, all others denied, so that code and role
 * agree. The one place where AWS clients are composed for a runbook. Throws where the environment lacks a variable or the
 * policy layer is not the expected one.
 */
export function awsPorts(privilege: Privilege, environment: AwsEnvironment): Ports {
  const own = ownWorld(environment)
  const policy = withRecoveryRegion(own.policy)
  const { recovery } = policy.topology.regions
  const recoveryStore = new DynamoConditionalStore(
    new DynamoDBClient(clientSettings(recovery)),
    setting(environment, 'recoveryTable'),
  )
  const shared: SharedPorts = {
    clock: systemClock,
    reporter: logReporter,
    coordination: { recovery: recoveryStore, witness: deniedStore(privilege, 'the witness store') },
  }
  const here = { environment, policy, region: own.region }
  return portsOfPrivilege(privilege, { ...shared, ...PORTS_OF[privilege](here, shared) })
}

const PORTS_OF: Readonly<Record<Privilege, Compose>> = {
  observe: ({ environment, policy, region }, { coordination }) => {
    const { primary, recovery, witness } = policy.topology.regions
    const { consecutiveFailures, probeEverySeconds, probeTimeoutSeconds } = policy.pace.detection
    const deadlineMs = consecutiveFailures * Math.max(probeEverySeconds, probeTimeoutSeconds) * 1000 + OBSERVER_CALL_MS
    const observer = (of: string, variable: 'recoveryProbe' | 'witnessProbe' | 'replicaObserver') => ({
      client: observerClient(of, deadlineMs),
      name: setting(environment, variable),
    })
    const receivers = new Map([primary, recovery].map((of) => [of, observer(of, 'replicaObserver')]))
    return {
      coordination: {
        ...coordination,
        witness: new DynamoConditionalStore(
          new DynamoDBClient(clientSettings(witness)),
          setting(environment, 'witnessTable'),
        ),
      },
      inventory: new RdsInventory(new RDSClient(clientSettings(region)), region),
      health: new LambdaHealth(
        {
          recoveryProbe: observer(recovery, 'recoveryProbe'),
          witnessProbe: observer(witness, 'witnessProbe'),
          replicaObserver: (of) => receivers.get(of) ?? observer(of, 'replicaObserver'),
          probed: primary,
          deadlineMs,
        },
        () => systemClock.now(),
      ),
    }
  },

  fence: ({ environment, policy }) => {
    const deadlineMs = policy.pace.fenceAttemptSeconds * 1000
    const client = (region: string) => observerClient(region, deadlineMs)
    return { fence: new LambdaFence(client, setting(environment, 'fence'), deadlineMs) }
  },

  promote: ({ region }) => {
    const client = new RDSClient(clientSettings(region))
    return {
      inventory: new RdsInventory(client, region),
      promotion: new RdsPromotion(client, region),
      zoneStandby: new RdsZoneStandby(client, region),
    }
  },

  database: ({ environment, policy, region }, { coordination }) => {
    const { name } = policy.database
    const sessions = sessionsWith(ownDatabases(environment, region, name), restoredDatabases(environment, region, name))
    const client = observerClient(region, RELAY_MS)
    const { recovery } = besideCoordination({ environment, policy, region }, coordination)
    const reader = setting(environment, 'coordinationReader')
    const keys = new KmsDataKeys(new KMSClient(clientSettings(region)), setting(environment, 'databaseKey'))
    return {
      coordination: { recovery, witness: new RelayedConditionalStore(client, reader, 'witness', RELAY_MS) },
      database: rdsSession(sessions, policy, recovery, keys),
      laterWrites: s3LaterWrites(sessions, new S3Client(clientSettings(region)), {
        region,
        tables: protectedTables(policy),
        deadlineMs: policy.failover.timeouts.validateSeconds * 1000,
        bucket: setting(environment, 'evidenceBucket'),
      }),
    }
  },

  'switch-traffic': ({ environment, policy }) => {
    const { primary, recovery, witness } = policy.topology.regions
    const { zoneName, databaseName } = policy.dns
    const next = nextDatabaseName(policy)
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
        { recoveryRegion: recovery, regions: [primary, recovery], next },
        () => servedInstance(lookup, `${databaseName}.${zoneName}`, next),
      ),
    }
  },

  application: ({ environment, region }) => {
    const lambda = new LambdaClient(clientSettings(region))
    return {
      application: new AwsApplicationTier(new ECSClient(clientSettings(region)), lambda),
      secretCopies: new SecretsManagerCopies(
        (of) => new SecretsManagerClient(clientSettings(of)),
        setting(environment, 'replicatedSecrets').split(',').filter(Boolean),
      ),
    }
  },

  report: ({ environment, policy, region }, { clock }) => {
    const { primary, recovery } = policy.topology.regions
    const store = new S3WriteOnceStore(new S3Client(clientSettings(region)), setting(environment, 'evidenceBucket'))
    const identity = {
      region,
      writer: EVIDENCE_WRITER,
      environment: policy.environment,
      policyHash: setting(environment, 'policyHash'),
    }
    const signer = new KmsSigner(new KMSClient(clientSettings(region)), setting(environment, 'evidenceKey'))
    // The primary region's chain is read from its replicated copy in our own bucket. Evidence is copied one way, so the
    // primary region sees no other chain.
    const others = region === recovery ? [{ chain: { region: primary, writer: EVIDENCE_WRITER }, store }] : []
    return { evidence: checkpointedEvidence(store, signer, clock, identity, others) }
  },

  restore: restorePorts,
  'remove-copies': copyRemovalPorts,
  contain: containmentPorts,
  preserve: forensicsPorts,
  rotate: credentialPorts,
  harden: hardeningPorts,
  audit: auditPorts,
  remedy: remedyPorts,
  deploy: deployPorts,
}

/** A client whose one attempt may last as long as the function it calls. */
const observerClient = (region: string, answerMs: number): LambdaClient =>
  new LambdaClient(clientSettings(region, { attempts: 1, answerMs }))
