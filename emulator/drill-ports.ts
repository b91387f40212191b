import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { checkpointedEvidence } from '../adapters/aws/checkpointed-evidence'
import { clientSettings } from '../adapters/aws/client-settings'
import { DynamoConditionalStore } from '../adapters/aws/dynamo-conditional-store'
import { KmsSigner } from '../adapters/aws/kms-signer'
import { RdsInventory } from '../adapters/aws/rds-inventory'
import { RdsPromotion } from '../adapters/aws/rds-promotion'
import { S3TrafficSwitch } from '../adapters/aws/s3-traffic-switch'
import { S3WriteOnceStore } from '../adapters/aws/s3-write-once-store'
import { systemClock } from '../adapters/local/clock'
import { contentHash } from '../core/evidence'
import type { TwoRegionPolicy } from '../core/policy'
import type { Ports } from '../core/ports'
import type { Names } from '../lib/names'
import type { CallRecord } from './call-record'

export type Stores = Readonly<Record<'recovery' | 'witness', DynamoConditionalStore>>

/** The deployed coordination tables. */
export function storesOf({ topology }: TwoRegionPolicy, names: Names): Stores {
  const store = (place: 'recovery' | 'witness') =>
    new DynamoConditionalStore(
      new DynamoDBClient(clientSettings(topology.regions[place])),
      names.coordinationTableArn(place),
    )
  return { recovery: store('recovery'), witness: store('witness') }
}

/** Ports of a run that goes through the deployed resources, and through the local world where none is emulated. */
export function drillPorts(
  policy: TwoRegionPolicy,
  names: Names,
  stores: Stores,
  local: Ports,
  record: CallRecord,
): Ports {
  const { primary, recovery, witness } = policy.topology.regions
  const rds = new RDSClient(clientSettings(recovery))
  const moto = {
    inventory: record.of('RDS of moto', new RdsInventory(rds, recovery)),
    promotion: record.of('RDS of moto', new RdsPromotion(rds, recovery)),
  }
  const world = {
    inventory: record.of('PostgreSQL', local.inventory),
    promotion: record.of('PostgreSQL', local.promotion),
  }
  return {
    ...local,
    coordination: {
      recovery: record.of('DynamoDB of MiniStack', stores.recovery),
      witness: record.of('DynamoDB of MiniStack', stores.witness),
    },
    inventory: {
      describe: async (ref) => {
        const [said, real] = await Promise.all([moto.inventory.describe(ref), world.inventory.describe(ref)])
        // moto names the source of a replica for ever and has no database: role and endpoint are the real one's.
        return said && real && { ...real, status: said.status }
      },
    },
    promotion: {
      promote: async (ref, request) => {
        await moto.promotion.promote(ref, request)
        await world.promotion.promote(ref, request)
      },
    },
    trafficSwitch: record.of(
      'S3 and Route 53 of MiniStack',
      new S3TrafficSwitch(
        {
          recovery: switchPlace(recovery, names.bucket('switch', 'recovery')),
          witness: switchPlace(witness, names.bucket('switch', 'witness')),
        },
        { recoveryRegion: recovery, regions: [primary, recovery], next: names.nextDatabase() },
        () => local.trafficSwitch.served(),
      ),
    ),
    evidence: record.of('S3 and KMS of MiniStack', evidenceOf(policy, names)),
    database: record.of('PostgreSQL', local.database),
    fence: record.of('PostgreSQL', local.fence),
    health: record.of('PostgreSQL', local.health),
    application: record.of('stand-in of the application', local.application),
    secretCopies: record.of('secrets in folders', local.secretCopies),
  }
}

const switchPlace = (region: string, bucket: string) => ({ client: new S3Client(clientSettings(region)), bucket })

function evidenceOf(policy: TwoRegionPolicy, names: Names): Ports['evidence'] {
  const { recovery } = policy.topology.regions
  return checkpointedEvidence(
    new S3WriteOnceStore(new S3Client(clientSettings(recovery)), names.bucket('evidence', 'recovery')),
    new KmsSigner(new KMSClient(clientSettings(recovery)), names.keyAlias('checkpoint')),
    systemClock,
    { region: recovery, writer: 'runbook', environment: policy.environment, policyHash: contentHash(policy) },
    [],
  )
}
