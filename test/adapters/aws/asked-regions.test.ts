import { askForDailyChecks } from '../../../adapters/aws/daily-checks-client'
import { askForHealth, askForHealthHistory } from '../../../adapters/aws/health-client'
import { functionName } from '../../../core/policy/names'
import { resolvePolicy } from '../../../policy'
import { useFakeAws } from './fake-aws'

const aws = useFakeAws()
const policy = resolvePolicy('production')
const well = (region: string) => ({
  region,
  at: '2026-11-28T12:00:00.000Z',
  verdict: 'healthy',
  serving: 'up',
  checks: [],
  notExpected: [],
})
const answers = (region: string, answer: () => unknown) =>
  aws.current.lambda.functions.set(`${region}/${functionName(policy, 'health-check')}`, answer)

describe('the health of both regions, as a person asks for it', () => {
  beforeEach(() => {
    answers('sa-east-1', () => well('sa-east-1'))
    answers('eu-west-1', () => well('eu-west-1'))
  })
  const seen = async () =>
    (await askForHealth(policy, process.env)).map(({ region, verdict, checks }) => [
      region,
      verdict,
      ...checks.flatMap(({ unseen }) => unseen),
    ])

  it('is what each of them answers', async () => {
    expect(await seen()).toEqual([
      ['sa-east-1', 'healthy'],
      ['eu-west-1', 'healthy'],
    ])
  })

  it.each<[string, () => unknown, string]>([
    ['is not there', () => undefined, 'ANSWER_UNREADABLE'],
    ['answers as another version of us', () => ({ ...well('sa-east-1'), verdict: 'fine' }), 'ANSWER_UNREADABLE'],
  ])('is unknown of a region whose function %s, and hides no other', async (_, answer, code) => {
    answers('sa-east-1', answer)
    expect(await seen()).toEqual([
      ['sa-east-1', 'unknown', code],
      ['eu-west-1', 'healthy'],
    ])
  })

  it('is unknown of a region whose function cannot be called', async () => {
    aws.current.lambda.functions.delete(`sa-east-1/${functionName(policy, 'health-check')}`)
    expect(await seen()).toEqual([
      ['sa-east-1', 'unknown', 'ResourceNotFoundException'],
      ['eu-west-1', 'healthy'],
    ])
  })

  it('hides no region that checked its backups either', async () => {
    const checked = (region: string) => `${region}/${functionName(policy, 'daily-verification')}`
    aws.current.lambda.functions.set(checked('sa-east-1'), () => ({ region: 'sa-east-1', verdict: 'fine' }))
    const pass = { region: 'eu-west-1', verdict: 'pass', checks: [] }
    aws.current.lambda.functions.set(checked('eu-west-1'), () => pass)
    expect(await askForDailyChecks(policy, process.env)).toEqual([
      expect.objectContaining({ region: 'sa-east-1', verdict: 'inconclusive' }),
      pass,
    ])
  })

  it('tells no history that is none', async () => {
    answers('sa-east-1', () => ({ region: 'sa-east-1' }))
    await expect(askForHealthHistory(policy, process.env, 3)).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' })
  })
})
