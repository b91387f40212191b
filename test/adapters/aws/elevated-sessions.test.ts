import { STSClient } from '@aws-sdk/client-sts'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { StsElevatedSessions } from '../../../adapters/aws/sts-elevated-sessions'
import { describeElevatedSessions } from '../../contracts/elevated-sessions'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const arnOf = (role: string) => `arn:aws:iam::333344445555:role/${role}`
const admit = (role: string) => void aws.current.sts.roles.set(arnOf(role), () => true)

describeElevatedSessions('STS', () => {
  admit('restore-operator')
  let refused = 0
  const sts = new StsElevatedSessions(new STSClient(clientSettings('eu-west-1')), arnOf)
  return {
    sessions: {
      open: (request) =>
        sts.open(request).catch((error: unknown) => {
          refused += 1
          throw error
        }),
    },
    openable: 'restore-operator',
    closed: 'key-administrator',
    now: () => new Date(),
    openedBy: () =>
      aws.current
        .callsOf('sts:AssumeRole')
        .slice(refused)
        .map(({ body }) => new URLSearchParams(body).get('SourceIdentity') ?? ''),
  }
})

it.each([
  ['reset', 'unreachable'],
  ['denied', 'denied'],
  ['throttle', 'throttled'],
] as const)('says how opening failed: %s', async (fault, failure) => {
  admit('restore-operator')
  aws.current.breaks('sts:AssumeRole', fault, 3)
  const sessions = new StsElevatedSessions(new STSClient(clientSettings('eu-west-1')), arnOf)
  const opened = sessions.open({ role: 'restore-operator', person: 'a1b2c3d4e5f6', minutes: 30 })
  await expect(opened).rejects.toMatchObject({ failure })
})
