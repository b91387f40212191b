import { IAMClient } from '@aws-sdk/client-iam'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { IamAccountAccess } from '../../../adapters/aws/iam-account-access'
import { VirtualClock } from '../../../adapters/memory/clock'
import { describeAccountAccess, describePasswordPolicy } from '../../contracts/account-access'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const made = () => new IamAccountAccess(new IAMClient(clientSettings('us-east-1')), new VirtualClock())

describeAccountAccess('IAM', () => ({
  account: made(),
  holds: (report, roles) => {
    aws.current.iam.report = report
    for (const [role, at] of roles) aws.current.iam.roles.set(role, at)
  },
}))

describePasswordPolicy('IAM', made)

it('waits for a report in the making, and not for ever', async () => {
  aws.current.iam.report = 'user\n'
  aws.current.iam.reportTakes = 4
  expect(await made().credentialReport()).toBe('user\n')
  aws.current.iam.reportTakes = 40
  await expect(made().credentialReport()).rejects.toMatchObject({ failure: 'unreachable', code: 'REPORT_NOT_READY' })
})

it('says when it may not look', async () => {
  aws.current.breaks('iam:GetAccountPasswordPolicy', 'denied')
  await expect(made().passwordPolicy()).rejects.toMatchObject({ failure: 'denied' })
})
