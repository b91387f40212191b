import { FORENSICS_PREFIX } from '../lambda/contract'
import { IAM5 } from './acknowledged-restores'
import type { Acknowledgement } from './acknowledgements'
import { FENCE_ROLE } from './function-bindings'
import { archiveBucket, type Names } from './names'

/** What the answers to an attack and to a violation may reach beyond one name. */
export function incidentFindings(names: Names): Pick<Acknowledgement, 'rules' | 'where' | 'reason'>[] {
  return [
    {
      rules: names.dataRoles.flatMap((role) => [
        IAM5(names.testCopiesArn(role)),
        IAM5(`arn:aws:rds-db:${names.region(role)}:${names.accountId}:dbuser:*/${FENCE_ROLE}`),
        IAM5(names.parameterGroupsArn(role)),
      ]),
      where: /\/runbooks-\w+\/Functions\/(containment|runbook-harden|runbook-rotate)\/Role\/Policy\/Resource$/,
      reason:
        'what was restored beside has an id that nobody knows before; CloudFormation names the groups of parameters of our stacks',
    },
    {
      rules: names.dataRoles.flatMap((role) => [
        ...names.recoveryPointArns(role).map(IAM5),
        IAM5(`${names.bucketArn(archiveBucket('phi'), role)}/${FORENSICS_PREFIX}/*`),
      ]),
      where: /\/runbooks-\w+\/Functions\/runbook-preserve\/Role\/Policy\/Resource$/,
      reason:
        'AWS Backup names its recovery points itself; logs of an incident have keys of their own below one folder',
    },
    {
      rules: names.dataRoles.flatMap((role) =>
        [
          names.backupPlansArn(role),
          names.stacksArn(role),
          names.anyKeyArn(role),
          names.bucketsArn(role),
          names.roleArnOf('backup-*', role),
          names.manualSnapshotsArn(role),
          ...names.logGroupArns(role),
        ].map(IAM5),
      ),
      where: /\/runbooks-\w+\/Functions\/runbook-(audit|remedy)\/Role\/Policy\/Resource$/,
      reason:
        'a remedy is for whatever of ours has become weaker, by the prefix of its name; keys have random ids, so that their aliases stand in a condition, and snapshots are what somebody took',
    },
  ]
}
