import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drillResultSchema, NOTHING_MEASURED, type DrillResult } from '../../core/measurement'
import { withRecoveryRegion } from '../../core/policy'
import { fullDr } from '../../drills/full-dr'
import { calmPolicy } from '../setup/calm-policy'

const policy = withRecoveryRegion(calmPolicy())
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-dr-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const step = (name: string, startedAt: string, seconds: number) => ({
  name,
  title: name,
  outcome: 'done',
  attempts: 1,
  startedAt,
  seconds,
})

/** A drill that was played, as far as the whole is judged by it. */
const played = (drill: string, change: Partial<DrillResult> = {}): DrillResult => ({
  drill,
  verdict: 'pass',
  objectives: [{ name: 'RTO of data recovery, seconds', target: 7200, measured: 5, met: true }],
  measurements: { ...NOTHING_MEASURED, outageSeconds: 3, detectSeconds: 1, acknowledged: 100, lost: 2 },
  steps: [step('decide', '2026-01-01T00:00:00.000Z', 1), step('serve', '2026-01-01T00:00:10.000Z', 2)],
  evidence: [],
  report: `/somewhere/${drill}.html`,
  ...change,
})
const compliance = played('compliance-violation', {
  objectives: [{ name: 'violations left in the account', target: 0, measured: 0, met: true }],
  measurements: { ...NOTHING_MEASURED, detectSeconds: 1, validatedSeconds: 60 },
  steps: [],
})

const whole = (parts: readonly (DrillResult | Error)[]) =>
  fullDr(
    {
      policy,
      folder,
      parts: parts.map((part, at) => ({
        name: `part ${at + 1}`,
        play: async () => {
          if (part instanceof Error) throw part
          return part
        },
      })),
    },
    { emit: () => undefined },
  )
const measuredOf = ({ objectives }: DrillResult) =>
  Object.fromEntries(objectives.map(({ name, measured, met }) => [name, [measured, met]]))

it('judges all four recovery times, each by the slowest drill, and writes one report over all', async () => {
  const slow = played('regional-outage', { measurements: { ...NOTHING_MEASURED, outageSeconds: 7, detectSeconds: 2 } })
  const result = await whole([played('database-failure'), slow, compliance])
  expect(drillResultSchema.parse(result).verdict).toBe('pass')
  expect(measuredOf(result)).toEqual({
    'RTO of critical services, seconds': [7, true],
    // Noticed after two seconds, and twelve from the first step to an application that serves.
    'RTO of the full system, seconds': [14, true],
    'RTO of data recovery, seconds': [5, true],
    'RTO of compliance validation, seconds': [60, true],
    'drills that did not pass': [0, true],
    'drills that broke off': [0, true],
  })
  expect(result.measurements).toMatchObject({ outageSeconds: 7, lost: 2, acknowledged: 100 })
  const page = await readFile(result.report!, 'utf8')
  for (const part of ['database-failure', 'regional-outage', 'compliance-violation', 'lang="pt-BR"'])
    expect(page).toContain(part)
})

it.each<[string, readonly (DrillResult | Error)[], string, DrillResult['verdict']]>([
  ['did not pass', [played('database-failure', { verdict: 'fail' }), compliance], 'drills that did not pass', 'fail'],
  ['broke off', [played('database-failure'), compliance, new Error('no room')], 'drills that broke off', 'fail'],
  [
    'lasted too long',
    [
      played('database-failure', { measurements: { ...NOTHING_MEASURED, outageSeconds: 4000, detectSeconds: 1 } }),
      compliance,
    ],
    'RTO of critical services, seconds',
    'fail',
  ],
  [
    'did not measure its outage',
    [
      played('database-failure'),
      played('regional-outage', { measurements: { ...NOTHING_MEASURED, detectSeconds: 1 } }),
      compliance,
    ],
    'RTO of critical services, seconds',
    'inconclusive',
  ],
  ['was left out', [played('database-failure')], 'RTO of compliance validation, seconds', 'inconclusive'],
])('does not pass where a drill %s', async (_, parts, missed, verdict) => {
  const result = await whole(parts)
  expect(result.verdict).toBe(verdict)
  expect(result.objectives.filter(({ met }) => !met).map(({ name }) => name)).toEqual([missed])
})
