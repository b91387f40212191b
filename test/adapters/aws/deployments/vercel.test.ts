import type { Of } from '../../../../adapters/aws/deployments/kind'
import { VERCEL_API } from '../../../../adapters/aws/deployments/vercel'
import { describeDeployments } from '../../../contracts/deployments'
import type { VercelFault } from './fake-vercel'
import { TOKEN, useDeployments } from './in-aws'

const { aws, vercel, deployed } = useDeployments()
const web: Of<'deployment'> = {
  kind: 'deployment',
  name: 'web',
  dependsOn: [],
  team: 'neonpro',
  project: 'neonpro-web',
  tokenSecret: 'neonpro/vercel-token',
}
const stage = () => {
  const { projects, deployments } = vercel.current
  projects.set('prj_1', { id: 'prj_1', name: 'neonpro-web', production: 'dpl_2', lastAliasRequest: null })
  for (const id of ['dpl_1', 'dpl_2'])
    deployments.set(id, { projectId: 'prj_1', target: 'production', readyState: 'READY' })
}
const put = (to: string) => deployed().putInForce(web, to, { key: 'run-1/put-back/web' })
const thrown = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Error,
  )

describeDeployments('a deployment of Vercel', () => {
  stage()
  return {
    deployments: deployed(),
    component: web,
    current: 'dpl_2',
    previous: 'dpl_1',
    gone: 'dpl_0',
    changes: () => vercel.current.promoted,
    settle: () => vercel.current.settle(),
    ail: () => void (vercel.current.deployments.get('dpl_2')!.readyState = 'ERROR'),
  }
})

describe('a deployment of Vercel', () => {
  beforeEach(stage)

  it('is promoted as the reference of the API says, for the team, with the token from its secret', async () => {
    await put('dpl_1')
    const asked = vercel.current.asked.map(({ method, path }) => `${method} ${path}`)
    expect(asked.at(-1)).toBe('POST /v10/projects/prj_1/promote/dpl_1')
    expect(new Set(asked.slice(0, -1))).toEqual(new Set(['GET /v9/projects/neonpro-web', 'GET /v13/deployments/dpl_1']))
    expect(new Set(vercel.current.asked.map(({ team, authorization }) => `${team} ${authorization}`))).toEqual(
      new Set([`neonpro Bearer ${TOKEN}`]),
    )
    expect(VERCEL_API).toBe('https://api.vercel.com')
  })

  it('is no preview, none of another project, and none that was not built', async () => {
    const { deployments } = vercel.current
    deployments.set('dpl_preview', { projectId: 'prj_1', target: null, readyState: 'READY' })
    deployments.set('dpl_other', { projectId: 'prj_9', target: 'production', readyState: 'READY' })
    deployments.set('dpl_broken', { projectId: 'prj_1', target: 'production', readyState: 'ERROR' })
    for (const to of ['dpl_preview', 'dpl_other', 'dpl_broken', '../v9/user'])
      expect(await deployed().obstacle(web, to)).toMatchObject({ code: 'VERSION_GONE' })
    expect(vercel.current.asked.map(({ path }) => path)).not.toContain('/v9/user')
  })

  it('is not promoted while Vercel is on its way to another one', async () => {
    await put('dpl_1')
    vercel.current.deployments.set('dpl_0', { projectId: 'prj_1', target: 'production', readyState: 'READY' })
    await expect(put('dpl_0')).rejects.toMatchObject({ failure: 'conflict', code: 'PROMOTION_UNDER_WAY' })
    vercel.current.settle()
    await put('dpl_0')
    vercel.current.settle()
    expect(await deployed().inForce(web)).toBe('dpl_0')
  })

  it('is promoted once where the answer to the first request was lost', async () => {
    const { asked } = vercel.current
    vercel.current.breaks('lost-answer', 'POST')
    await expect(put('dpl_1')).rejects.toMatchObject({ failure: 'unreachable' })
    await put('dpl_1')
    vercel.current.settle()
    expect([await deployed().inForce(web), vercel.current.promoted]).toEqual(['dpl_1', 1])
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it.each<[VercelFault, string]>([
    [401, 'denied'],
    [402, 'denied'],
    [403, 'denied'],
    [409, 'conflict'],
    [429, 'throttled'],
    [422, 'invalid'],
    [500, 'unreachable'],
    [503, 'unreachable'],
    ['reset', 'unreachable'],
    ['elsewhere', 'unreachable'],
    ['prose', 'unreachable'],
    ['refusing-prose', 'denied'],
  ])('says how a call failed, and never the token: %s', async (fault, failure) => {
    vercel.current.breaks(fault)
    const error = await thrown(deployed().inForce(web))
    expect(error).toMatchObject({ failure })
    expect(JSON.stringify([error, error?.message, error?.stack, String(error?.cause)])).not.toContain(TOKEN)
  })

  it('is unknown without a token, with a wrong one, and of an unknown project', async () => {
    const { values } = aws.current.secretsManager
    values.set('neonpro/vercel-token', ' ')
    await expect(deployed().inForce(web)).rejects.toMatchObject({ code: 'VERCEL_TOKEN_EMPTY' })
    values.set('neonpro/vercel-token', 'another')
    await expect(deployed().inForce(web)).rejects.toMatchObject({ failure: 'denied', code: 'VERCEL_403' })
    values.set('neonpro/vercel-token', TOKEN)
    await expect(deployed().inForce({ ...web, project: 'nothing' })).rejects.toMatchObject({ code: 'PROJECT_MISSING' })
    values.delete('neonpro/vercel-token')
    await expect(deployed().inForce(web)).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  })

  it('is none where nothing was ever put in production', async () => {
    vercel.current.projects.get('prj_1')!.production = null
    expect(await deployed().inForce(web)).toBeUndefined()
    expect(await deployed().serves(web)).toBe(false)
  })
})
