import type { Of } from '../../../../adapters/aws/deployments/kind'
import { describeDeployments } from '../../../contracts/deployments'
import { REGION, useDeployments } from './in-aws'

const { aws, deployed } = useDeployments()

const api: Of<'function'> = { kind: 'function', name: 'api', dependsOn: [], function: 'neonpro-api', alias: 'live' }
const aliasKey = `${REGION}/neonpro-api/live`
const apiStage = () => {
  const { lambda } = aws.current
  lambda.versions.set(
    `${REGION}/neonpro-api`,
    new Map([
      ['7', 'Active'],
      ['8', 'Active'],
    ]),
  )
  lambda.aliases.set(aliasKey, '8')
  lambda.functions.set(`${REGION}/neonpro-api:live`, () => ({ healthy: true }))
}

describeDeployments('an alias of a function', () => {
  apiStage()
  return {
    deployments: deployed(),
    component: api,
    current: '8',
    previous: '7',
    gone: '6',
    changes: () => aws.current.callsOf('lambda:UpdateAlias').length,
    settle: () => undefined,
    ail: () =>
      void aws.current.lambda.functions.set(`${REGION}/neonpro-api:live`, () => {
        throw new Error('OUT_OF_ORDER')
      }),
  }
})

describe('an alias of a function', () => {
  beforeEach(apiStage)
  const put = (to: string) => deployed().putInForce(api, to, { key: 'run-1/put-back/api' })

  it('is moved as it was read, and gives no other version a share of the calls', async () => {
    aws.current.lambda.weights.set(aliasKey, { '7': 0.1 })
    expect(await deployed().inForce(api)).toBe('8 and 7')
    await put('8')
    const [call] = aws.current.callsOf('lambda:UpdateAlias')
    expect(call!.url.pathname).toBe('/2015-03-31/functions/neonpro-api/aliases/live')
    expect(JSON.parse(call!.body)).toEqual({
      FunctionVersion: '8',
      RevisionId: 'revision-1',
      RoutingConfig: { AdditionalVersionWeights: {} },
    })
    expect(await deployed().inForce(api)).toBe('8')
  })

  it('is not moved where somebody was quicker', async () => {
    aws.current.breaks('lambda:UpdateAlias', { code: 'PreconditionFailedException', status: 412 })
    await expect(put('7')).rejects.toMatchObject({ failure: 'conflict' })
  })

  it('never goes back to $LATEST, which the next deployment overwrites', async () => {
    aws.current.lambda.versions.get(`${REGION}/neonpro-api`)!.set('$LATEST', 'Active')
    expect(await deployed().obstacle(api, '$LATEST')).toMatchObject({ code: 'VERSION_GONE' })
  })

  it('serves while it was not called for long, not while it cannot be started, and is unknown where nobody answers', async () => {
    const versions = aws.current.lambda.versions.get(`${REGION}/neonpro-api`)!
    versions.set('8', 'Inactive')
    expect(await deployed().serves(api)).toBe(true)
    versions.set('8', 'Failed')
    expect(await deployed().serves(api)).toBe(false)
    aws.current.lambda.aliases.delete(aliasKey)
    expect(await deployed().serves(api)).toBe(false)
    expect(await deployed().inForce(api)).toBeUndefined()
    aws.current.breaks('lambda:GetAlias', 'denied')
    await expect(deployed().serves(api)).rejects.toMatchObject({ failure: 'denied' })
  })
})
