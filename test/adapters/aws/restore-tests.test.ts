import { BackupClient } from '@aws-sdk/client-backup'
import { BackupRestoreTests } from '../../../adapters/aws/backup-restore-tests'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { describeRestoreTests } from '../../contracts/restore-tests'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const REGION = 'eu-west-1'
const tests = () => new BackupRestoreTests(new BackupClient(clientSettings(REGION, { attempts: 1 })))
const now = Date.now() / 1000
const STATUS = { running: 'RUNNING', completed: 'COMPLETED', failed: 'FAILED' } as const
// AWS adds an id of its own to the name of a plan.
const planArn = (plan: string) =>
  `arn:aws:backup:${REGION}:333344445555:restore-testing-plan:${plan}-16b2b7d1-8f4e-4c55-9d8e-1f2a3b4c5d6e`

describeRestoreTests('AWS Backup', () => ({
  tests: tests(),
  region: REGION,
  add: ({ id, plan, state, copy }) =>
    void aws.current.backup.jobs.set(id, {
      Status: STATUS[state],
      CreationDate: now,
      RecoveryPointCreationDate: now,
      ...(state === 'completed' && { CompletionDate: now }),
      ...(plan !== undefined && { CreatedBy: { RestoreTestingPlanArn: planArn(plan) } }),
      ...(copy !== undefined && { CreatedResourceArn: `arn:aws:rds:${REGION}:333344445555:db:${copy}` }),
      ...(state === 'completed' && { ValidationStatus: 'VALIDATING' }),
    }),
  giveUp: (id) => Object.assign(aws.current.backup.jobs.get(id)!, { ValidationStatus: 'TIMED_OUT' }),
}))

it.each([
  ['reset', 'unreachable'],
  ['denied', 'denied'],
] as const)('says how a call failed: %s', async (fault, failure) => {
  aws.current.breaks('backup:DescribeRestoreJob', fault)
  await expect(tests().describe('J-1')).rejects.toMatchObject({ failure })
})

it('tells no copy of what is no database', async () => {
  aws.current.backup.jobs.set('J-1', {
    Status: 'COMPLETED',
    CreationDate: now,
    RecoveryPointCreationDate: now,
    CreatedResourceArn: 'arn:aws:s3:::restored-bucket',
  })
  expect(await tests().describe('J-1')).not.toHaveProperty('copy')
})
