import type { Json } from '../json'
import type { Expiry, Protection } from '../ports/compliance'
import type { Resource } from '../posture/assembly'

/** A protection as a template would declare it, so that the comparison of postures judges an account too. */
export function templateForm(protection: Protection): Resource {
  switch (protection.kind) {
    case 'bucket':
      return {
        Type: 'AWS::S3::Bucket',
        Properties: {
          PublicAccessBlockConfiguration: Object.fromEntries(
            PUBLIC_SWITCHES.map((name) => [name, protection.refusesPublic]),
          ),
          LifecycleConfiguration: { Rules: Object.entries(protection.ends).map(([Id, end]) => rule(Id, end)) },
        },
      }
    case 'vault':
      return {
        Type: 'AWS::Backup::BackupVault',
        Properties: protection.lock
          ? {
              LockConfiguration: {
                MinRetentionDays: protection.lock.minDays,
                MaxRetentionDays: protection.lock.maxDays,
              },
            }
          : {},
      }
    case 'backup-plan':
      return {
        Type: 'AWS::Backup::BackupPlan',
        Properties: {
          BackupPlan: {
            BackupPlanRule: Object.entries(protection.keepsDays).map(([RuleName, DeleteAfterDays]) => ({
              RuleName,
              Lifecycle: { DeleteAfterDays },
            })),
          },
        },
      }
    case 'backup-selection':
      return {
        Type: 'AWS::Backup::BackupSelection',
        Properties: {
          BackupSelection: {
            IamRoleArn: protection.role,
            Resources: protection.resources.toSorted(),
            ListOfTags: protection.tags.map(({ key, value }) => `${key}=${value}`).toSorted(),
            ...(protection.leavesOut && { NotResources: protection.leavesOut.toSorted() }),
          },
        },
      }
    case 'copy':
      // No template declares a snapshot; the property is the one of the instance that it was taken of.
      return {
        Type: 'AWS::RDS::DBInstance',
        Properties: protection.key === null ? {} : { KmsKeyId: protection.key },
      }
    case 'database':
      return { Type: 'AWS::RDS::DBInstance', Properties: { DeletionProtection: protection.refusesDeletion } }
    case 'log-group':
      return {
        Type: 'AWS::Logs::LogGroup',
        Properties: protection.keepsDays === null ? {} : { RetentionInDays: protection.keepsDays },
      }
    case 'key':
      return { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: protection.rotates } }
    case 'trail':
      return { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: protection.records } }
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
export const PUBLIC_SWITCHES = [
  'BlockPublicAcls',
  'BlockPublicPolicy',
  'IgnorePublicAcls',
  'RestrictPublicBuckets',
] as const

const rule = (Id: string, { objectDays, versionDays }: Expiry): Json => ({
  Id,
  ...(objectDays !== undefined && { ExpirationInDays: objectDays }),
  ...(versionDays !== undefined && { NoncurrentVersionExpiration: { NoncurrentDays: versionDays } }),
})
