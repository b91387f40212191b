import { loginSecret } from '../core/policy/login-secrets'
import { FORENSICS_PREFIX, INCIDENT_RESOURCES, type IncidentResource, type PermittedResource } from '../lambda/contract'
import type { Surroundings } from './function-bindings'
import { archiveBucket, type BucketKind, type DataRegionRole, type RegionRole } from './names'

export const isOfIncident = (resource: PermittedResource): resource is IncidentResource =>
  INCIDENT_RESOURCES.some((one) => one === resource)

/** What may hold data of patients: the logs beside a forensic copy do. */
const KEPT_WITH: BucketKind = archiveBucket('phi')

/** Values of the variables that only the answers to an attack read. */
export const incidentVariables = (around: Surroundings): Readonly<Record<string, () => string>> => {
  const { names, role } = around
  return {
    CLOSED_SECURITY_GROUP: () => closedGroupOf(around),
    CONTAINMENT_FUNCTION: () => names.function('containment'),
    LOGIN_SECRETS: () =>
      around.logins.map((login) => `${login}=${names.secret(loginSecret(login))}`).join(',') || 'none',
    COPY_OWNER_SECRET: () => around.database?.ownerSecret?.name ?? 'none',
    SNAPSHOT_VAULT: () => names.vault('snapshots'),
    BACKUP_ROLE: () => names.roleArnOf('backup-database', role),
    FORENSICS_BUCKET: () => forensicBucketOf(around),
  }
}

/** Conditions without which a permission would be wider than meant. */
export const incidentConditions = ({
  names,
}: Surroundings): Partial<Record<IncidentResource, Record<string, unknown>>> => ({
  'own-backup-role': { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
  'own-backup-roles': { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
  'own-keys': { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': `${names.keyAliasPrefix()}*` } },
})

/** ARNs of what only these answers are about; none where the region has nothing of that kind. */
export function incidentArns(resource: IncidentResource, around: Surroundings): string[] {
  const { names, role } = around
  const owner = around.database?.ownerSecret
  switch (resource) {
    case 'containment-functions':
      return names.dataRoles.map((place) => names.functionArn(place, 'containment'))
    case 'own-next-database':
      return [names.instanceArn(role, names.nextDatabase())]
    case 'own-parameter-groups':
      return [names.parameterGroupsArn(role)]
    case 'own-login-secrets':
      return [...around.logins.map((login) => names.secretArn(role, loginSecret(login))), ...(owner ? [owner.arn] : [])]
    case 'own-login-secret-keys':
      return [around.keyArn('configuration'), ...(owner ? [owner.keyArn] : [])]
    case 'own-copy-owner-secret':
      return owner ? [owner.arn] : []
    case 'own-copy-owner-secret-key':
      return owner ? [owner.keyArn] : []
    case 'own-snapshot-vault':
      return [names.vaultArn(dataRole(around), 'snapshots')]
    case 'own-backup-role':
      return [names.roleArnOf('backup-database', role)]
    case 'own-backup-roles':
      return [names.roleArnOf('backup-*', role)]
    case 'own-recovery-points':
      return names.recoveryPointArns(role)
    case 'own-manual-snapshots':
      return [names.manualSnapshotsArn(role)]
    case 'own-backup-plans':
      return [names.backupPlansArn(role)]
    case 'own-forensic-bucket':
      return [names.bucketArn(KEPT_WITH, role)]
    case 'own-forensic-objects':
      return [`${names.bucketArn(KEPT_WITH, role)}/${FORENSICS_PREFIX}/*`]
    case 'own-buckets':
      return [names.bucketsArn(role)]
    case 'own-log-groups':
      return names.logGroupArns(role)
    case 'own-keys':
      return [names.anyKeyArn(role)]
    case 'own-trail':
      return role === names.auditRole ? [names.trailArn()] : []
    case 'own-stacks':
      return [names.stacksArn(role)]
    case 'witness-stacks':
      // Evidence goes on to the witness and never back: whoever sees all the rest asks it.
      return role === 'recovery' ? [names.stacksArn('witness')] : []
    case 'every-alias':
    case 'every-backup-job':
    case 'every-backup-plan':
    case 'every-log-group':
    case 'every-snapshot':
    case 'every-stack':
      return ['*']
  }
}

function dataRole({ names, role }: Surroundings): DataRegionRole {
  if (role === 'witness') throw new Error(`'${names.region(role satisfies RegionRole)}' holds no data and no vault`)
  return role
}

function closedGroupOf({ securityGroups, names, role }: Surroundings): string {
  if (!securityGroups) throw new Error(`'${names.region(role)}' has no network in which a database could be cut off`)
  return securityGroups.closed
}

function forensicBucketOf({ archivedClasses, names, role }: Surroundings): string {
  if (archivedClasses.includes('phi')) return names.bucket(KEPT_WITH, role)
  throw new Error(
    'the logs beside a forensic copy lie with the archive of class phi; keep one, or say where they belong',
  )
}
