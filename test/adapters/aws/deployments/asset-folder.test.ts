import type { Of } from '../../../../adapters/aws/deployments/kind'
import { describeDeployments } from '../../../contracts/deployments'
import { useDeployments } from './in-aws'

const { aws, deployed } = useDeployments()

const assets: Of<'assets'> = { kind: 'assets', name: 'assets', dependsOn: [], pointer: 'current' }
const assetStage = () =>
  void aws.current.s3.objects
    .set('assets/r7/index.html', 'old')
    .set('assets/r8/index.html', 'new')
    .set('assets/current', 'r8\n')

describeDeployments('a folder of assets', () => {
  assetStage()
  return {
    deployments: deployed(),
    component: assets,
    current: 'r8',
    previous: 'r7',
    gone: 'r6',
    changes: () => aws.current.callsOf('s3:PutObject').length,
    settle: () => undefined,
    ail: () => void aws.current.s3.objects.delete('assets/r8/index.html'),
  }
})

describe('a folder of assets', () => {
  const put = (to: string) => deployed().putInForce(assets, to, { key: 'run-1/put-back/assets' })

  it('is pointed to only from the pointer that was read', async () => {
    assetStage()
    aws.current.breaks('s3:PutObject', { code: 'PreconditionFailed', status: 412 })
    await expect(put('r7')).rejects.toMatchObject({ failure: 'conflict' })
    expect(aws.current.callsOf('s3:PutObject')[0]!.headers['if-match']).toMatch(/^"[0-9a-f]{32}"$/)
    expect(await deployed().inForce(assets)).toBe('r8')
  })

  it('gets its first pointer only where none is, and no folder out of form', async () => {
    assetStage()
    aws.current.s3.objects.delete('assets/current')
    expect(await deployed().inForce(assets)).toBeUndefined()
    await put('r7')
    expect(aws.current.callsOf('s3:PutObject')[0]!.headers['if-none-match']).toBe('*')
    await expect(put('../r8')).rejects.toMatchObject({ code: 'VERSION_GONE' })
  })
})
