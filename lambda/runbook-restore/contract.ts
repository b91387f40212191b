import { VARIABLE } from '../../adapters/aws/environment'
import { RESTORE_TAG, runbookContract, runState, WRITER_TAG } from '../contract'

export const input = runState
export const output = runState

/** Makes a copy of a database from its history, under a name that nothing has. It can neither delete nor change what exists. */
export const contract = runbookContract({
  name: 'runbook-restore',
  network: 'none',
  timeoutSeconds: 60,
  environment: [VARIABLE.databaseSecurityGroup, VARIABLE.testCopySecurityGroup, VARIABLE.momentReader],
  permissions: [
    // Markers that the database does not know.
    { actions: ['dynamodb:GetItem'], on: 'recovery-coordination-table', leadingKeys: ['markers'] },
    { actions: ['rds:DescribeDBInstances'], on: 'own-database-instances' },
    {
      actions: ['rds:DescribeDBInstances'],
      on: 'own-restored-copies',
      reason: 'each test has a copy of its own, behind a prefix that no other instance has',
    },
    {
      actions: ['rds:DescribeDBInstanceAutomatedBackups'],
      on: 'own-automated-backups',
      reason: 'RDS names the backups of an instance itself, and it is asked for those of one instance',
    },
    {
      actions: ['rds:RestoreDBInstanceToPointInTime'],
      on: 'own-restores',
      requestTag: RESTORE_TAG,
      reason: 'a restore names the source, the copy, and groups that CloudFormation has named after their stack',
    },
    {
      actions: ['rds:AddTagsToResource'],
      on: 'own-restored-copies',
      tagKeys: [RESTORE_TAG, WRITER_TAG.key],
      reason: 'RDS asks for it of whoever creates an instance with tags',
    },
    { actions: ['kms:DescribeKey'], on: 'own-database-key' },
    // RDS takes the copy's own grant on the key in the name of whoever asks for the copy.
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
    { actions: ['kms:CreateGrant'], on: 'own-database-key-for-services' },
    { actions: ['lambda:InvokeFunction'], on: 'own-moment-reader-function' },
  ],
})
