import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { clientSettings } from '../../../adapters/aws/client-settings'
import { settingPairs } from '../../../adapters/aws/environment'
import { SnsNotifier } from '../../../adapters/aws/sns-notifier'
import { StepFunctionsMachines } from '../../../adapters/aws/step-functions-machines'
import type { RunState } from '../../../core/runbook/model'
import { describeNotifier } from '../../contracts/notifier'
import { describeRunbookMachines } from '../../contracts/runbook-machines'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const topicOf = (audience: string) => `arn:aws:sns:eu-west-1:111122223333:${audience}`
const machineOf = (runbook: string) => `arn:aws:states:eu-west-1:111122223333:stateMachine:${runbook}`
const notifier = (audiences: readonly string[]) => {
  for (const audience of audiences) aws.current.sns.topics.set(topicOf(audience), [])
  const topics = new Map(audiences.map((audience) => [audience, topicOf(audience)]))
  return new SnsNotifier(new SNSClient(clientSettings('eu-west-1')), topics)
}
const machines = (runbooks: readonly string[]) => {
  for (const runbook of runbooks) aws.current.stepFunctions.machines.set(machineOf(runbook), new Map())
  const arns = new Map(runbooks.map((runbook) => [`${runbook}@eu-west-1`, machineOf(runbook)]))
  return new StepFunctionsMachines((region) => new SFNClient(clientSettings(region)), arns)
}

describeNotifier('SNS', (audiences) => ({
  notifier: notifier(audiences),
  told: (audience) => aws.current.sns.topics.get(topicOf(audience)) ?? [],
}))

describeRunbookMachines('Step Functions', (runbooks) => ({
  machines: machines(runbooks),
  runsOf: (runbook) =>
    [...(aws.current.stepFunctions.machines.get(machineOf(runbook))?.values() ?? [])].map(
      (input) => JSON.parse(input) as RunState,
    ),
}))

const notice = { subject: 'x', lines: ['y'] }

describe('SnsNotifier', () => {
  it.each([
    ['denied', 'denied'],
    ['throttle', 'throttled'],
    ['reset', 'unreachable'],
  ] as const)('says how telling failed: %s', async (fault, failure) => {
    const told = notifier(['level-1'])
    aws.current.breaks('sns:Publish', fault, 5)
    await expect(told.notify('level-1', notice)).rejects.toMatchObject({ failure })
  })
})

describe('StepFunctionsMachines', () => {
  it('recognises its own start when the answer was lost', async () => {
    const own = machines(['region-failover'])
    aws.current.breaks('states:StartExecution', 'lost-answer')
    const run = { runId: 'run-1', input: { region: 'eu-west-1' } } as RunState
    expect(await own.start('region-failover', run)).toBe('started')
    expect(aws.current.callsOf('states:StartExecution')).toHaveLength(2)
    expect(aws.current.stepFunctions.machines.get(machineOf('region-failover'))?.size).toBe(1)
  })

  const inBoth = () => {
    const arnIn = (region: string) => machineOf('zone-failover').replace('eu-west-1', region)
    for (const region of ['sa-east-1', 'eu-west-1']) aws.current.stepFunctions.machines.set(arnIn(region), new Map())
    const arns = ['sa-east-1', 'eu-west-1'].map((region) => [`zone-failover@${region}`, arnIn(region)] as const)
    return new StepFunctionsMachines((region) => new SFNClient(clientSettings(region)), new Map(arns))
  }
  const away = { runId: 'run-1', input: { region: 'sa-east-1' } } as RunState

  it('starts a run in the region that its input names, and has none in any other', async () => {
    const own = inBoth()
    expect([own.has('zone-failover', 'sa-east-1'), own.has('zone-failover', 'us-east-1')]).toEqual([true, false])
    expect(await own.start('zone-failover', away)).toBe('started')
    expect(aws.current.callsOf('states:StartExecution').map(({ region }) => region)).toEqual(['sa-east-1'])
  })

  it('says which region does not answer', async () => {
    const own = inBoth()
    aws.current.breaks('states:StartExecution', 'reset', 3)
    await expect(own.start('zone-failover', away)).rejects.toMatchObject({
      failure: 'unreachable',
      message: expect.stringContaining("starting 'zone-failover' in sa-east-1 failed"),
    })
  })
})

describe('a setting of pairs', () => {
  it('is empty for none, and throws where it is not set', () => {
    expect(settingPairs({ RUNBOOK_MACHINES: 'none' }, 'runbookMachines').size).toBe(0)
    expect([...settingPairs({ RUNBOOK_MACHINES: 'a=1,b=2' }, 'runbookMachines')]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    expect(() => settingPairs({}, 'runbookMachines')).toThrow('RUNBOOK_MACHINES is not set')
  })
})
