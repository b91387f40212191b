import type { Policy } from '../../core/policy'
import { otherRole } from '../names'
import type { DetectionRuleProps } from '../constructs/detection-rules'
import { matchesOf, type AlarmSpec, type DataRegion } from './spec'

/** AWS Backup sends events every five minutes, best effort. https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
const EVENT_MINUTES = 5
const HOURLY = 60
const BAD = ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL']

const jobs = (detail: object) => ({ source: ['aws.backup'], 'detail-type': ['Backup Job State Change'], detail })

/** Events of the region's backup jobs, by the name of the rule that looks for them. */
export function backupEvents({ names, role, policy }: DataRegion): DetectionRuleProps[] {
  return [
    { purpose: 'backup-failed', pattern: jobs({ state: BAD }) },
    {
      purpose: 'backup-completed',
      pattern: jobs({ state: ['COMPLETED'], backupVaultName: [names.vault('snapshots')] }),
    },
    ...(copiesBackups(policy)
      ? [
          {
            purpose: 'copy-failed' as const,
            pattern: {
              source: ['aws.backup'],
              'detail-type': ['Copy Job State Change'],
              detail: { state: BAD, destinationBackupVaultArn: [names.vaultArn(otherRole(role), 'copies')] },
            },
          },
        ]
      : []),
  ]
}

export function backupAlarms({ names, role, policy }: DataRegion): AlarmSpec[] {
  const failure = { rings: 'above', threshold: 0, periods: 1, silence: 'is-fine' } as const
  // From one backup to the next at most: a day, and the time the second one may start and end later than the first.
  const { startWindowMinutes, completionWindowMinutes } = policy.backup.schedule
  const hours = 24 + Math.ceil((startWindowMinutes + completionWindowMinutes) / 60)
  return [
    { id: 'backup-job-failed', metric: matchesOf(names.eventRule('backup-failed'), EVENT_MINUTES), ...failure },
    ...(copiesBackups(policy)
      ? [
          {
            id: 'copy-job-failed' as const,
            metric: matchesOf(names.eventRule('copy-failed'), EVENT_MINUTES),
            ...failure,
          },
        ]
      : []),
    // The plan of the region that does not write selects nothing, so there is nothing to miss.
    ...(policy.topology.active === role
      ? [
          {
            id: 'backup-missing',
            metric: matchesOf(names.eventRule('backup-completed'), HOURLY),
            rings: 'below',
            threshold: 1,
            periods: hours,
            silence: 'rings',
          } as const,
        ]
      : []),
  ]
}

const copiesBackups = ({ backup }: Policy): boolean => backup.geoRedundancy.mode === 'multi-region'
