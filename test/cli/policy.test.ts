import { recovery } from './recovery'

describe('recovery policy', () => {
  it.each(['production', 'staging', 'test'])('check passes for %s and prints the table', async (environment) => {
    const { code, out } = await recovery('policy', 'check', '--environment', environment)
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^${environment}: \\d+ rules hold, 0 of 34 promises cannot be kept`))
    expect(out).toContain('residual-risk')
  })

  it('check --json prints one document without infinities', async () => {
    const { code, out } = await recovery('policy', 'check', '--json')
    const document: unknown = JSON.parse(out)
    expect(code).toBe(0)
    expect(document).toMatchObject({ environment: 'production', unreachable: 0 })
    expect(out).toContain('"worstSeconds": "never"')
  })

  it('show prints the resolved values of the environment', async () => {
    const { out } = await recovery('policy', 'show', '--json', '--environment', 'test')
    expect(JSON.parse(out)).toMatchObject({ environment: 'test', database: { sizeGigabytes: 5 } })
    expect((await recovery('policy', 'show')).out).toContain('sizeGigabytes: 100')
  })

  it('explain tells value, unit, origin and rules', async () => {
    const { code, out } = await recovery('policy', 'explain', 'database.sizeGigabytes', '--environment', 'staging')
    expect(code).toBe(0)
    expect(out).toContain('database.sizeGigabytes = 20')
    expect(out).toContain('gigabytes')
    expect(out).toContain('from: policy/environments.ts (staging)')
    expect(out).toContain('rule storageHoldsTheData')
  })

  it('explain of an unknown path fails and proposes the nearest', async () => {
    const { code, out, err } = await recovery('policy', 'explain', 'pace.lease.duration')
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain("no field 'pace.lease.duration'")
    expect(err).toContain('pace.lease.durationSeconds')
  })

  it.each([[['policy', 'check', '--environment', 'moon']], [['policy', 'explain']], [['policy', 'frobnicate']]])(
    'refuses %j',
    async (args) => expect((await recovery(...args)).code).not.toBe(0),
  )
})
