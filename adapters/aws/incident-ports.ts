import { BackupClient } from '@aws-sdk/client-backup'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { RDSClient } from '@aws-sdk/client-rds'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { HUMAN_ROLE_NAMES } from '../../core/access/human-roles'
import { GLOBAL_SERVICES_REGION } from '../../core/policy/flows'
import { humanRoleName } from '../../core/policy/names'
import type { Policy } from '../../core/policy'
import { systemClock } from '../local/clock'
import { ARCHIVE_ROLE } from '../postgres/archive-role'
import { FENCE_ROLE } from '../postgres/guard-schema'
import { AwsForensics } from './aws-forensics'
import { clientSettings } from './client-settings'
import type { Compose, Here } from './composition'
import { setting, settingPairs } from './environment'
import { besideCoordination } from './journal-beside'
import { lambdaContainment } from './lambda-containment'
import { LoginSecrets } from './login-secrets'
import { ownerLogin } from './owned-database'
import { RdsChanges } from './rds-changes'
import { RdsCredentials } from './rds-credentials'
import { RdsHardening } from './rds-hardening'
import { restoredDatabases } from './restored-databases'

/** A little longer than the function next to a database may last. */
const CONTAINMENT_MS = 125_000
/** A file of a log is at most what PostgreSQL writes in an hour. */
const LOG_FILE_MS = 120_000

/** Has databases cut off by the function next to each, in either data region, and takes back the sessions of people. */
export const containmentPorts: Compose = ({ environment, policy }) => ({
  containment: lambdaContainment({
    function: {
      name: setting(environment, 'containment'),
      client: (region) => new LambdaClient(clientSettings(region, { attempts: 1, answerMs: CONTAINMENT_MS })),
    },
    deadlineMs: CONTAINMENT_MS,
    iam: new IAMClient(clientSettings(GLOBAL_SERVICES_REGION)),
    roles: HUMAN_ROLE_NAMES.map((name) => humanRoleName(policy, name)),
    clock: systemClock,
  }),
})

export const forensicsPorts: Compose = ({ environment, policy, region }) => ({
  forensics: new AwsForensics(
    { backup: new BackupClient(clientSettings(region)), rds: new RDSClient(clientSettings(region)) },
    {
      region,
      vault: setting(environment, 'snapshotVault'),
      retentionDays: longestIn(policy.backup),
      roleArn: setting(environment, 'backupRole'),
      bucket: {
        client: new S3Client(clientSettings(region, { answerMs: LOG_FILE_MS })),
        bucket: setting(environment, 'forensicsBucket'),
        deadlineMs: LOG_FILE_MS,
      },
      clock: systemClock,
    },
  ),
})

/** As long as the lock of the vault lets anybody ask for: a shorter one would end before the investigation does. */
const longestIn = ({ vaults, snapshotRetentionDays }: Policy['backup']): number =>
  vaults.snapshots.lock.mode === 'none' ? snapshotRetentionDays : vaults.snapshots.lock.maxRetentionDays

export const credentialPorts: Compose = (here, { coordination }) => {
  const { environment, region } = here
  const owner = setting(environment, 'copyOwnerSecret')
  return {
    coordination: besideCoordination(here, coordination),
    credentials: new RdsCredentials(changesIn(here), {
      secrets: new LoginSecrets(
        new SecretsManagerClient(clientSettings(region)),
        region,
        settingPairs(environment, 'loginSecrets'),
      ),
      ...(owner !== 'none' && { ownerSecret: owner }),
      find: findIn(here),
    }),
  }
}

export const hardeningPorts: Compose = (here, { coordination }) => {
  const { environment, policy, region } = here
  return {
    coordination: besideCoordination(here, coordination),
    hardening: new RdsHardening(changesIn(here), {
      find: findIn(here),
      owner: ownerLogin(setting(environment, 'copyOwnerSecret'), region),
      // RDS keeps its only superuser to itself.
      known: { logins: [...policy.database.logins, FENCE_ROLE, ARCHIVE_ROLE], superusers: [] },
    }),
  }
}

const changesIn = ({ region }: Here): RdsChanges =>
  new RdsChanges(new RDSClient(clientSettings(region)), region, systemClock)

const findIn = ({ environment, policy, region }: Here) => restoredDatabases(environment, region, policy.database.name)
