import { ASSEMBLY_TAG } from '../../../../adapters/aws/agreed-names'
import type { Of } from '../../../../adapters/aws/deployments/kind'
import { describeDeployments } from '../../../contracts/deployments'
import { REGION, useDeployments } from './in-aws'

const { aws, deployed } = useDeployments()
const stacks: Of<'infrastructure'> = {
  kind: 'infrastructure',
  name: 'stacks',
  dependsOn: [],
  stack: 'neonpro-platform',
}
const STACK = `${REGION}/neonpro-platform`
const KEPT = (version: string) => `code/templates/neonpro-platform/${version}.json`

const queue = (seconds: number) => ({ Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: seconds } })
const bucket = (name: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: name } })
const template = (resources: object, parameters: object = {}) => ({ Resources: resources, Parameters: parameters })

/** The stack went out as `a1` and then as `b2`; both were kept when they were released. */
async function stage(
  before: object = template({ Jobs: queue(30), Files: bucket('files') }),
  now: object = template({ Jobs: queue(60), Files: bucket('files') }),
) {
  const { stacks: standing, changeSets } = aws.current.cloudFormation
  changeSets.replacing.add('AWS::S3::Bucket.BucketName')
  for (const [version, deployedTemplate] of [
    ['a1', before],
    ['b2', now],
  ] as const) {
    standing.set(STACK, {
      status: 'UPDATE_COMPLETE',
      template: deployedTemplate,
      tags: { team: 'clinic', [ASSEMBLY_TAG]: version },
      parameters: ['BootstrapVersion', 'Gone'],
    })
    await deployed().keep(stacks)
  }
  return { standing: () => standing.get(STACK)!, changeSets }
}
const put = (to: string, key = 'run-1/put-back/stacks') => deployed().putInForce(stacks, to, { key })

describeDeployments('a stack', async () => {
  const { standing, changeSets } = await stage()
  return {
    deployments: deployed(),
    component: stacks,
    current: 'b2',
    previous: 'a1',
    gone: 'c0',
    changes: () => changeSets.executed.length,
    settle: () => changeSets.settle(),
    ail: () => void (standing().status = 'UPDATE_ROLLBACK_FAILED'),
  }
})

describeDeployments('a stack that has come to hold data since', async () => {
  const { standing, changeSets } = await stage(
    template({ Jobs: queue(30), Files: bucket('files') }),
    template({ Jobs: queue(60), Files: bucket('files'), More: bucket('more') }),
  )
  aws.current.s3.objects.set(
    KEPT('b1'),
    JSON.stringify(template({ Jobs: queue(45), Files: bucket('files'), More: bucket('more') })),
  )
  return {
    deployments: deployed(),
    component: stacks,
    current: 'b2',
    previous: 'b1',
    gone: 'c0',
    unreachable: { version: 'a1', migration: 'More' },
    changes: () => changeSets.executed.length,
    settle: () => changeSets.settle(),
    ail: () => void (standing().status = 'UPDATE_FAILED'),
  }
})

describe('a stack', () => {
  it('is brought back by a change set with the template of its release, its own parameters and tags', async () => {
    const { standing, changeSets } = await stage(
      template({ Jobs: queue(30), Files: bucket('files') }, { BootstrapVersion: { Type: 'String' } }),
    )
    await put('a1')
    const [call] = aws.current.callsOf('cloudformation:CreateChangeSet')
    const asked = Object.fromEntries(new URLSearchParams(call!.body))
    expect(asked).toMatchObject({
      StackName: 'neonpro-platform',
      ChangeSetType: 'UPDATE',
      TemplateURL: 'https://code.s3.sa-east-1.amazonaws.com/templates/neonpro-platform/a1.json',
      'Capabilities.member.1': 'CAPABILITY_IAM',
      'Parameters.member.1.ParameterKey': 'BootstrapVersion',
      'Parameters.member.1.UsePreviousValue': 'true',
      'Tags.member.1.Key': 'team',
      'Tags.member.2.Key': ASSEMBLY_TAG,
      'Tags.member.2.Value': 'a1',
    })
    expect(asked).not.toHaveProperty('Parameters.member.2.ParameterKey')
    expect(await deployed().inForce(stacks)).toBe('under way to a1')
    changeSets.settle()
    expect(await deployed().inForce(stacks)).toBe('a1')
    expect(standing().tags).toEqual({ team: 'clinic', [ASSEMBLY_TAG]: 'a1' })
  })

  it('is not updated where that would replace what holds data, which only the comparison knows', async () => {
    const { changeSets, standing } = await stage(
      template({ Jobs: queue(30), Files: bucket('files') }),
      template({ Jobs: queue(60), Files: bucket('files-of-clinic') }),
    )
    expect(await deployed().obstacle(stacks, 'a1')).toBeUndefined()
    await expect(put('a1')).rejects.toMatchObject({
      failure: 'conflict',
      code: 'DATA_AT_STAKE',
      message: expect.stringContaining('Files'),
    })
    expect(changeSets.executed).toEqual([])
    expect(standing()).toMatchObject({ status: 'UPDATE_COMPLETE', tags: { [ASSEMBLY_TAG]: 'b2' } })
    expect(aws.current.callsOf('cloudformation:DeleteChangeSet')).toHaveLength(1)
  })

  it('takes a type that nobody has judged for one that holds data', async () => {
    const unknown = { Type: 'AWS::Nobody::Knows', Properties: {} }
    await stage(template({ Jobs: queue(30) }), template({ Jobs: queue(60), Store: unknown }))
    expect(await deployed().obstacle(stacks, 'a1')).toEqual({ code: 'IRREVERSIBLE', what: 'stacks Store' })
  })

  it('asks again for a comparison that takes long, and finds it', async () => {
    const { changeSets } = await stage()
    changeSets.comparing = 30
    await expect(put('a1')).rejects.toMatchObject({ failure: 'throttled', code: 'CHANGE_SET_PENDING' })
    await put('a1')
    expect(aws.current.callsOf('cloudformation:CreateChangeSet')).toHaveLength(1)
    expect(changeSets.executed).toEqual([STACK])
  })

  it('is updated once where the answer to the update was lost', async () => {
    const { changeSets } = await stage()
    aws.current.breaks('cloudformation:ExecuteChangeSet', 'lost-answer')
    await expect(put('a1')).rejects.toMatchObject({ failure: 'unreachable' })
    await put('a1')
    expect(changeSets.executed).toEqual([STACK])
  })

  it('is asked for again while it removes what its last update replaced, and serves meanwhile', async () => {
    const { changeSets, standing } = await stage()
    standing().status = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
    await expect(put('a1')).rejects.toMatchObject({ failure: 'throttled', code: 'STACK_CLEANING_UP' })
    expect([await deployed().serves(stacks), changeSets.executed]).toEqual([true, []])
    standing().status = 'UPDATE_COMPLETE'
    await put('a1')
    expect(changeSets.executed).toEqual([STACK])
  })

  it('waits for whoever updates it to another version, and says why a comparison failed', async () => {
    const { changeSets, standing } = await stage()
    standing().status = 'UPDATE_IN_PROGRESS'
    await expect(put('a1')).rejects.toMatchObject({ failure: 'conflict', code: 'STACK_UNDER_WAY' })
    changeSets.settle()
    changeSets.failing = true
    await expect(put('a1')).rejects.toMatchObject({ failure: 'conflict', code: 'CHANGE_SET_FAILED' })
    expect(changeSets.executed).toEqual([])
  })

  it('is nothing where it was never deployed, and has no version without the tag of its deployment', async () => {
    expect(await deployed().inForce(stacks)).toBeUndefined()
    expect(await deployed().serves(stacks)).toBe(false)
    const { standing } = await stage()
    standing().tags = {}
    expect(await deployed().inForce(stacks)).toBeUndefined()
    aws.current.breaks('cloudformation:DescribeStacks', 'denied')
    await expect(deployed().inForce(stacks)).rejects.toMatchObject({ failure: 'denied' })
  })
})
