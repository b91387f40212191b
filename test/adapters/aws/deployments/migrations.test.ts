import type { Of } from '../../../../adapters/aws/deployments/kind'
import { describeDeployments } from '../../../contracts/deployments'
import { REGION, useDeployments } from './in-aws'
import { PlatformFunction } from './platform-function'

const { aws, deployed } = useDeployments()

const schema: Of<'migrations'> = { kind: 'migrations', name: 'schema', dependsOn: [], function: 'neonpro-migrations' }

describeDeployments('migrations of the platform', () => {
  const platform = new PlatformFunction(['m1', 'm2', 'm3', 'm4'], { irreversible: ['m2'] })
  aws.current.lambda.functions.set(`${REGION}/neonpro-migrations`, (call) => platform.answer(call))
  return {
    deployments: deployed(),
    component: schema,
    current: 'm4',
    previous: 'm3',
    gone: 'm9',
    unreachable: { version: 'm1', migration: 'm2' },
    write: () => platform.write(3),
    changes: () => platform.moves,
    settle: () => platform.settle(),
    ail: () => void (platform.ill = true),
  }
})

describe('migrations of the platform', () => {
  it('says when they are answered in another form, or not at all', async () => {
    aws.current.lambda.functions.set(`${REGION}/neonpro-migrations`, () => ({ level: 'a row, in words' }))
    await expect(deployed().inForce(schema)).rejects.toMatchObject({ failure: 'invalid', code: 'MIGRATIONS_ANSWER' })
    aws.current.lambda.functions.set(`${REGION}/neonpro-migrations`, () => {
      throw new Error('MIGRATION_FAILED')
    })
    await expect(deployed().inForce(schema)).rejects.toMatchObject({ failure: 'unreachable', code: 'FUNCTION_FAILED' })
    expect(await deployed().serves(schema)).toBe(false)
  })

  it('asks with the key that makes a way back happen once, and hears when it is refused', async () => {
    const platform = new PlatformFunction(['m1', 'm2'])
    const asked: unknown[] = []
    aws.current.lambda.functions.set(`${REGION}/neonpro-migrations`, (call) => {
      asked.push(call)
      return (call as { operation: string }).operation === 'to' ? { accepted: false } : platform.answer(call)
    })
    const put = deployed().putInForce(schema, 'm1', { key: 'run-1/put-back/schema' })
    await expect(put).rejects.toMatchObject({ failure: 'conflict', code: 'MIGRATION_REFUSED' })
    expect(asked).toEqual([
      { operation: 'level' },
      { operation: 'obstacle', level: 'm1' },
      { operation: 'to', level: 'm1', key: 'run-1/put-back/schema' },
    ])
  })
})
