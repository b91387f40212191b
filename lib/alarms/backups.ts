import { bucketStores } from '../../core/policy'
import { copiesOf } from '../backup-copies'
import type { DetectionRuleProps } from '../constructs/detection-rules'
import { matchesOf, type AlarmSpec, type DataRegion } from './spec'

/** AWS Backup sends events every five minutes, best effort. https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
const EVENT_MINUTES = 5
const HOURLY = 60
const BAD = ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL']

const jobs = (kind: 'Backup' | 'Copy', detail: object) => ({
  source: ['aws.backup'],
  'detail-type': [`${kind} Job State Change`],
  detail,
})

/** Something that has to end within a day and its windows, by the event that says so. */
interface Expected {
  readonly id: 'backup-missing' | 'copy-missing'
  /** @default the backup of the database */
  readonly subject?: string
  readonly pattern: object
  readonly windowMinutes: number
}

/**
 * Backups and copies that a plan of the region makes each day. Each store by itself: a bucket that is backed up says nothing of
 * a database that is not. The database of a region that does not write is in no plan, so there is nothing to miss.
 */
function expected(region: DataRegion): Expected[] {
  const { names, role, policy } = region
  const { startWindowMinutes, completionWindowMinutes, bucketCompletionWindowMinutes } = policy.backup.schedule
  const completed = (resourceArn: string) => ({
    state: ['COMPLETED'],
    backupVaultName: [names.vault('snapshots')],
    resourceArn: [resourceArn],
  })
  const buckets = bucketStores(policy).map(({ kind }): Expected => ({
    id: 'backup-missing',
    subject: kind,
    pattern: jobs('Backup', completed(names.bucketArn(kind, role))),
    windowMinutes: startWindowMinutes + bucketCompletionWindowMinutes,
  }))
  if (policy.topology.active !== role) return buckets
  const database = names.databaseArn(role, region.serving(role))
  const copies = copiesOf(names, role, policy).map(({ to, vaultArn }): Expected => ({
    id: 'copy-missing',
    subject: to,
    pattern: jobs('Copy', { state: ['COMPLETED'], destinationBackupVaultArn: [vaultArn], resourceArn: [database] }),
    // A copy begins when its backup has ended, and is given as long as that.
    windowMinutes: startWindowMinutes + 2 * completionWindowMinutes,
  }))
  const backup: Expected = {
    id: 'backup-missing',
    pattern: jobs('Backup', completed(database)),
    windowMinutes: startWindowMinutes + completionWindowMinutes,
  }
  return [backup, ...buckets, ...copies]
}

const purposeOf = ({ id, subject }: Expected): string =>
  [id === 'copy-missing' ? 'copy-completed' : 'backup-completed', subject].filter(Boolean).join('-')

/** Events of the region's backup jobs, by the name of the rule that looks for them. */
export function backupEvents(region: DataRegion): DetectionRuleProps[] {
  const { names, role, policy } = region
  const destinations = copiesOf(names, role, policy).map(({ vaultArn }) => vaultArn)
  return [
    { purpose: 'backup-failed', pattern: jobs('Backup', { state: BAD }) },
    ...(destinations.length > 0
      ? [{ purpose: 'copy-failed', pattern: jobs('Copy', { state: BAD, destinationBackupVaultArn: destinations }) }]
      : []),
    ...expected(region).map((one) => ({ purpose: purposeOf(one), pattern: one.pattern })),
  ]
}

export function backupAlarms(region: DataRegion): AlarmSpec[] {
  const { names, role, policy } = region
  const failed = (id: 'backup-job-failed' | 'copy-job-failed', purpose: string): AlarmSpec => ({
    id,
    metric: matchesOf(names.eventRule(purpose), EVENT_MINUTES),
    rings: 'above',
    threshold: 0,
    periods: 1,
    silence: 'is-fine',
  })
  return [
    failed('backup-job-failed', 'backup-failed'),
    ...(copiesOf(names, role, policy).length > 0 ? [failed('copy-job-failed', 'copy-failed')] : []),
    ...expected(region).map((one): AlarmSpec => ({
      id: one.id,
      ...(one.subject && { subject: one.subject }),
      metric: matchesOf(names.eventRule(purposeOf(one)), HOURLY),
      rings: 'below',
      threshold: 1,
      // From one to the next at most: a day, and the time the second one may start and end later than the first.
      periods: 24 + Math.ceil(one.windowMinutes / 60),
      silence: 'rings',
    })),
  ]
}
