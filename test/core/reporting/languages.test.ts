import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FINDING_CODES } from '../../../core/compliance/finding-kinds'
import {
  projectPointInTimeRecovery,
  projectRegionFailover,
  projectRollback,
  projectZoneFailover,
  type DrillResult,
} from '../../../core/measurement'
import { complianceReport, drillReport, fullDrReport, rollbackReport } from '../../../core/reporting'
import { inPortuguese } from '../../../core/reporting/portuguese'
import { rollbackResultOf, type RollbackResult } from '../../../core/release/rollback-result'
import { drive } from '../../../core/runbook/engine'
import { rollback } from '../../../core/runbook/rollback'
import { RUNBOOKS } from '../../../core/runbook/runbooks'
import { resolvePolicy } from '../../../policy'
import { releasedWorld, rollbackRun } from '../runbook/released'
import { exampleDrill } from './example'

const ROOT = join(__dirname, '..', '..', '..')
const CHARTS = { timeline: '<svg></svg>', throughput: '<svg></svg>', latency: '<svg></svg>' }
const policy = resolvePolicy('production')

/** The part of a page in one language, without what is no text: marks, code, and charts. */
function textsIn(page: string, language: 'en' | 'pt-BR'): string[] {
  const [, part = ''] = page.split(`<section lang="${language}">`)
  const own = part.slice(0, part.lastIndexOf('</section>'))
  return (language === 'en' ? own.split('<section lang="pt-BR">')[0]! : own)
    .replaceAll(/<code>[\s\S]*?<\/code>/g, '<i></i>')
    .replaceAll(/<svg[\s\S]*?<\/svg>/g, '<i></i>')
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
}

const marksIn = (page: string, language: 'en' | 'pt-BR'): string[] => {
  const [, part = ''] = page.split(`<section lang="${language}">`)
  const own = language === 'en' ? part.split('<section lang="pt-BR">')[0]! : part
  return own.match(/<(h1|h2|p|tr|td|th|li|dt|dd|figure|figcaption|svg)\b/g) ?? []
}

/** Words that are the same in both. */
const SAME = new Set(['hash', 'total', 'UTC'])
/** Whether it says anything: not a number with its unit, an instant, or marks alone. */
const isSaid = (text: string): boolean =>
  /\p{L}{3,}/u.test(text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '').replaceAll(/\b(min|ms)\b/g, ''))

/** What the part in Portuguese says in the very words of the one in English. */
function untranslated(page: string): string[] {
  const english = textsIn(page, 'en')
  const same = textsIn(page, 'pt-BR').filter((text) => isSaid(text) && !SAME.has(text) && english.includes(text))
  return [...new Set(same)]
}

/** A rollback that went well, with what it set aside. */
async function exampleRollback(): Promise<RollbackResult> {
  const run = await drive(rollback, (await releasedWorld()).ports(), rollbackRun())
  return rollbackResultOf(rollback, run)
}

async function pages(): Promise<Readonly<Record<string, string>>> {
  const putBack = await exampleRollback()
  const { result, workload, context } = await exampleDrill({ lost: 200 })
  const lessons = { drill: 'drill-7', template: 'drill-7-lessons.json', dueOn: '2026-12-31' }
  const part: DrillResult = { ...result, report: '/somewhere/drill-7.html', lessons }
  const notMeasured = {
    ...result,
    measurements: { ...result.measurements, outageSeconds: null, validatedSeconds: null },
    objectives: result.objectives.map((one) => ({ ...one, measured: 'not measured', met: false })),
    verdict: 'inconclusive' as const,
  }
  const about = { environment: context.environment, policyHash: context.policyHash, startedAt: context.startedAt }
  const accepted = { way: 'resumed-session', role: 'clinic_app', refused: false, code: '00000' }
  return {
    drill: drillReport(part, workload, { ...context, replication: 'sync' }, CHARTS),
    'drill that came to no verdict': drillReport(notMeasured, workload, { ...context, oldPrimary: [] }, CHARTS),
    'drill in which two wrote': drillReport(
      part,
      workload,
      { ...context, oldPrimary: [accepted], incident: { ...context.incident, steps: [] } },
      CHARTS,
    ),
    'full drill': fullDrReport({ ...part, drill: 'full-dr' }, { ...about, parts: [part, notMeasured] }),
    rollback: rollbackReport({ ...putBack, setAside: { ...putBack.setAside!, more: 2 } }),
    'rollback whose list is missing': rollbackReport({ ...putBack, setAside: null }),
    'rollback that took nothing away': rollbackReport({ ...putBack, setAside: { rows: 0, tables: [], more: 0 } }),
    'compliance violation': complianceReport(
      { ...part, drill: 'compliance-violation' },
      {
        ...about,
        violations: FINDING_CODES.map((code, at) => ({
          code,
          resource: `bucket/sa-east-1/${at}`,
          namedByPosture: true,
          found: at > 0,
          remedied: at > 1,
        })),
        lookedAt: 70,
        revisions: [{ number: 2, section: 'Backup Strategies / Automated Backups' }],
        incident: context.incident,
      },
    ),
  }
}

it.each([
  'drill',
  'drill that came to no verdict',
  'drill in which two wrote',
  'full drill',
  'rollback',
  'rollback whose list is missing',
  'rollback that took nothing away',
  'compliance violation',
])('the report of a %s says everything in both languages', async (name) => {
  const page = (await pages())[name]!
  expect(textsIn(page, 'en').length).toBeGreaterThan(30)
  expect(marksIn(page, 'pt-BR')).toEqual(marksIn(page, 'en'))
  expect(untranslated(page)).toEqual([])
})

it('a text that nobody has translated is noticed', async () => {
  const { result, workload, context } = await exampleDrill()
  const page = drillReport(result, workload, { ...context, notes: ['Something nobody has said before.'] }, CHARTS)
  expect(untranslated(page)).toEqual(['Something nobody has said before.'])
})

/** What is written where objectives are made: each name as a whole, without those that are put together. */
function objectivesInSource(): string[] {
  const files = ['core/measurement', 'drills'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  )
  const named = files.flatMap((text) => [
    ...text.matchAll(/\b(?:atMost|exactly)\(\s*(['"])((?:(?!\1).)+)\1/g),
    ...text.matchAll(/\bname: (['"])((?:(?!\1).)+)\1,\s*target:/g),
  ])
  return [...new Set(named.map(([, , name]) => name!))]
}

it('every objective that a drill can judge has a name in Portuguese', () => {
  const names = objectivesInSource()
  expect(names.length).toBeGreaterThan(60)
  expect(names.filter((name) => inPortuguese(name.replace(/, seconds$/, '')) === undefined)).toEqual([])
})

it('every step of every runbook has a title in Portuguese', () => {
  const titles = Object.values(RUNBOOKS).flatMap(({ title, steps }) => [title, ...steps.map((step) => step.title)])
  expect(titles.filter((title) => inPortuguese(title) === undefined)).toEqual([])
})

it('every assumption of every projection is told in Portuguese, with its numbers', () => {
  const measured = { reconnectSeconds: 1 }
  const items = [
    ...projectRegionFailover(policy, measured).items,
    ...projectRegionFailover({ ...policy, applicationTier: policy.rehearsal.applicationTier }, measured).items,
    ...projectZoneFailover(policy, measured).items,
    ...projectPointInTimeRecovery(policy, measured).items,
    // Names of components stay what they are.
    ...projectRollback(policy, ['api', 'schema']).items.map((item) => ({
      ...item,
      name: item.name === 'get well' ? item.name : 'total',
    })),
  ]
  for (const { name, assumption } of items) {
    expect([name, inPortuguese(name)]).not.toEqual([name, undefined])
    const told = inPortuguese(assumption)
    expect([assumption, told]).not.toEqual([assumption, undefined])
    for (const [number] of assumption.matchAll(/\d[\d.]*/g)) expect(told).toContain(number)
  }
})
