import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

describe('--preset', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'preset-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const file = async (content: unknown) => {
    const path = join(folder, 'preset.json')
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }
  const brazilOnly = {
    preset: 'brazil-only',
    regionLossException: {
      reason: 'the clinic accepts no transfer of health data out of the country',
      acceptedBy: 'Healthcare Director',
      reviewBy: '2027-06-30',
    },
  }

  it('chooses another recovery region, and explain says so', async () => {
    const shown = await recovery('policy', 'show', '--json', '--preset', await file(brazilOnly))
    expect(JSON.parse(shown.out)).toMatchObject({ topology: { preset: 'brazil-only' } })
    const { out } = await recovery('policy', 'explain', 'topology.preset', '--preset', await file(brazilOnly))
    expect(out).toContain('from: policy/presets.ts (brazil-only)')
  })

  it('that has no recovery region is no preset to rehearse the loss of one with', async () => {
    const { code, out } = await recovery('drill', 'regional-outage', '--json', '--preset', await file(brazilOnly))
    expect(JSON.parse(out)).toMatchObject({ error: { kind: 'user', code: 'RECOVERY_REGION_MISSING' } })
    expect(code).toBe(1)
  })

  it.each([
    ['is no JSON', '{', 'PRESET_UNREADABLE'],
    ['names no preset', { preset: 'moon' }, 'PRESET_REFUSED'],
    [
      'names no key for the environment',
      {
        preset: 'us-east-2',
        clauses: { reference: 'EXAMPLE-0001', signedOn: '2026-10-01' },
        historyKmsKeyArns: {},
      },
      'POLICY_INVALID',
    ],
  ])('is refused where its file %s', async (_, content, code) => {
    const ended = await recovery('policy', 'check', '--json', '--preset', await file(content))
    expect(JSON.parse(ended.out)).toMatchObject({ error: { kind: 'user', code } })
    expect(ended.code).toBe(1)
  })

  it('is refused where there is no such file', async () => {
    const ended = await recovery('policy', 'check', '--json', '--preset', join(folder, 'none.json'))
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'PRESET_UNREADABLE' } })
  })
})
