import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import type { ConfigurationCopy } from '../../core/configuration/copies'
import type { RestoreWorld } from '../../core/configuration/restore-call'
import type { Configuration } from '../../core/ports/configuration'
import { systemClock } from '../local/clock'
import { clientSettings } from './client-settings'
import { setting, type AwsEnvironment } from './environment'
import { KmsDataKeys } from './kms-data-keys'
import { ownEvidence } from './own-evidence'
import { ownWorld, type OwnWorld } from './own-world'
import { ParameterStoreConfiguration } from './parameter-store-configuration'
import { S3WriteOnceStore } from './s3-write-once-store'

/** The configuration of the function's own region and the copies of both data regions, each under its region's own key. */
export interface ConfigurationWorld extends OwnWorld {
  readonly configuration: Configuration
  readonly copies: readonly ConfigurationCopy[]
}

/** Throws where the environment lacks a variable, or names another number of buckets than there are data regions. */
export function configurationWorld(environment: AwsEnvironment): ConfigurationWorld {
  const world = ownWorld(environment)
  const { stores, topology } = world.policy
  const keyId = setting(environment, 'configurationKey')
  const regions =
    'recovery' in topology.regions ? [topology.regions.primary, topology.regions.recovery] : [topology.regions.primary]
  const buckets = setting(environment, 'configurationBuckets').split(',')
  if (buckets.length !== regions.length)
    throw new Error(
      `the topology has ${regions.length} data region(s), but ${buckets.length} bucket(s) are named; deploy layer and functions together`,
    )
  return {
    ...world,
    configuration: new ParameterStoreConfiguration(
      new SSMClient(clientSettings(world.region)),
      new SecretsManagerClient(clientSettings(world.region)),
      {
        paths: stores.filter(({ kind }) => kind === 'parameters').map(({ id }) => id),
        secrets: setting(environment, 'configurationSecrets').split(',').filter(Boolean),
        keyId,
      },
    ),
    copies: regions.map((region, i) => ({
      region,
      store: new S3WriteOnceStore(new S3Client(clientSettings(region)), String(buckets[i])),
      keys: new KmsDataKeys(new KMSClient(clientSettings(region)), keyId),
    })),
  }
}

/** The same for a restore: the settings of the own region and what its own copy holds, under its own key. */
export function restoreWorld(environment: AwsEnvironment): RestoreWorld {
  const world = configurationWorld(environment)
  const { region, configuration } = world
  const copy = world.copies.find((held) => held.region === region)
  if (!copy) throw new Error(`'${region}' holds no copies of the configuration`)
  const evidence = ownEvidence(environment, world, 'configuration-restore')
  return { region, configuration, copy, evidence, clock: systemClock }
}
