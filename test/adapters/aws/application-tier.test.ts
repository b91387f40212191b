import { ECSClient } from '@aws-sdk/client-ecs'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { AwsApplicationTier } from '../../../adapters/aws/application-tier'
import { clientSettings } from '../../../adapters/aws/client-settings'
import type { ApplicationHook } from '../../../core/ports/application-tier'
import { describeApplicationTier } from '../../contracts/application-tier'
import { useFakeAws } from './fake-aws'

const REGION = 'eu-west-1'
const aws = useFakeAws()
const tier = () =>
  new AwsApplicationTier(new ECSClient(clientSettings(REGION)), new LambdaClient(clientSettings(REGION)))

const scaled = { kind: 'scale-ecs-service', name: 'api', cluster: 'clinic', service: 'api', desiredCount: 2 } as const
const flipped = { kind: 'flip-deployment', name: 'api', function: 'api', alias: 'live', toAlias: 'standby' } as const
const invoked = { kind: 'invoke-function', name: 'api', function: 'bring-up' } as const

describeApplicationTier('an ECS service', scaled, () => {
  const service = { desiredCount: 0, runningCount: 0 }
  aws.current.ecs.services.set('clinic/api', service)
  return {
    tier: tier(),
    started: () => aws.current.callsOf('ecs:UpdateService').map(() => 'api'),
    settle: () => void (service.runningCount = service.desiredCount),
    ail: () => void (service.runningCount = 1),
  }
})

describeApplicationTier('an alias of a function', flipped, () => {
  const { aliases } = aws.current.lambda
  aliases.set(`${REGION}/api/live`, '4').set(`${REGION}/api/standby`, '7')
  return {
    tier: tier(),
    started: () => aws.current.callsOf('lambda:UpdateAlias').map(() => 'api'),
    settle: () => undefined,
    ail: () => void aliases.set(`${REGION}/api/live`, '4'),
  }
})

describeApplicationTier('a function of the application', invoked, () => {
  const keys = new Set<string>()
  let healthy = false
  aws.current.lambda.functions.set(`${REGION}/bring-up`, (payload) => {
    const { action, key } = payload as { action: string; key?: string }
    if (action === 'bring-up') keys.add(key!)
    return { healthy }
  })
  return {
    tier: tier(),
    started: () => [...keys].map((key) => key.split('/').at(-1)!),
    settle: () => void (healthy = true),
    ail: () => void (healthy = false),
  }
})

const bringUp = (hook: ApplicationHook) => tier().bringUp(hook, { key: 'run-1/bring-up/api' })

describe('AwsApplicationTier', () => {
  it('never scales a service down that somebody has scaled further', async () => {
    aws.current.ecs.services.set('clinic/api', { desiredCount: 5, runningCount: 5 })
    await bringUp(scaled)
    expect(aws.current.ecs.services.get('clinic/api')?.desiredCount).toBe(5)
    expect(aws.current.callsOf('ecs:UpdateService')).toEqual([])
  })

  it('moves an alias to the version of the other, and nothing else', async () => {
    aws.current.lambda.aliases.set(`${REGION}/api/live`, '4').set(`${REGION}/api/standby`, '7')
    await bringUp(flipped)
    const [call] = aws.current.callsOf('lambda:UpdateAlias')
    expect(JSON.parse(call!.body)).toEqual({ FunctionVersion: '7' })
    expect(call!.url.pathname).toBe('/2015-03-31/functions/api/aliases/live')
  })

  it('asks a function with the key that makes it bring up once', async () => {
    const asked: unknown[] = []
    aws.current.lambda.functions.set(`${REGION}/bring-up`, (payload) => void asked.push(payload))
    await bringUp(invoked)
    expect(asked).toEqual([{ action: 'bring-up', key: 'run-1/bring-up/api' }])
  })

  it('does not take an answer in another form for health', async () => {
    aws.current.lambda.functions.set(`${REGION}/bring-up`, () => ({ status: 'healthy' }))
    expect(await tier().healthy(invoked)).toBe(false)
  })

  it('says what is missing', async () => {
    await expect(bringUp(scaled)).rejects.toMatchObject({ failure: 'invalid', code: 'SERVICE_MISSING' })
    await expect(bringUp(flipped)).rejects.toMatchObject({ failure: 'invalid', code: 'ResourceNotFoundException' })
  })

  it.each([
    ['denied', 'denied'],
    ['throttle', 'throttled'],
    ['reset', 'unreachable'],
  ] as const)('says how a call failed: %s', async (fault, failure) => {
    aws.current.breaks('ecs:DescribeServices', fault, 5)
    await expect(tier().healthy(scaled)).rejects.toMatchObject({ failure })
  })
})
