import { z } from 'zod'
import type { EvidenceRecord } from '../../evidence/record'
import { isJsonObject } from '../../json'
import { objectiveCode } from '../../measurement'
import type { Policy } from '../../policy'
import { broken, TRACEABILITY, type Trace } from '../../posture/traceability'
import type { DailyCheckName } from '../../verification/daily/judges'
import type { CheckKind, OpenCheck, RecordCheck, Reasons, RegisterCheck, TemplateCheck } from './control'

const TRACES = new Map(TRACEABILITY.flatMap(({ kept }) => kept).map((trace) => [trace.demand, trace]))

/** A demand of the procedure as the traceability reads it in the templates. Throws for one that it does not know. */
function traceOf(demand: string): Trace {
  const trace = TRACES.get(demand)
  if (!trace) throw new Error(`no resource is known to keep '${demand}'`)
  return trace
}

/** Holds when the resources of the templates keep every one of the demands; each by its words, or as a trace of its own. */
export const template = (asks: string, ...demands: readonly (string | Trace)[]): TemplateCheck => {
  const traces = demands.map((demand) => (typeof demand === 'string' ? traceOf(demand) : demand))
  return {
    by: 'template',
    asks,
    reads: [...new Set(traces.map(({ stack }) => stack))],
    broken: (stacks, policy) => traces.flatMap((trace) => broken(trace, stacks, policy)),
  }
}

/** Holds when the newest record of the kind and subject succeeded, and its measurements say what is asked. */
export const recorded = (
  asks: string,
  about: {
    readonly kind: string | readonly string[]
    readonly subject?: string | readonly string[]
    readonly by?: 'account' | 'drill'
  },
  maxAgeDays: number,
  measured: (record: EvidenceRecord, policy: Policy) => Reasons = () => [],
): RecordCheck => ({
  by: about.by ?? 'drill',
  asks,
  maxAgeDays,
  isAbout: ({ kind, subject }) =>
    [about.kind].flat().includes(kind) && (about.subject === undefined || [about.subject].flat().includes(subject)),
  broken: (record, policy) => [
    ...(record.outcome === 'succeeded' ? [] : [`${record.kind} of ${record.subject} ended as ${record.outcome}`]),
    ...measured(record, policy),
  ],
})

/** Holds when a drill of the name passed as a whole. */
export const drilled = (asks: string, drill: string, maxAgeDays: number): RecordCheck =>
  recorded(asks, { kind: 'drill', subject: drill }, maxAgeDays)

/** Holds when the newest drill of the name measured each of the objectives and met it, whatever else became of it. */
export const judged = (
  asks: string,
  drill: string,
  maxAgeDays: number,
  objectives: readonly string[],
  measured: RecordCheck['broken'] = () => [],
): RecordCheck => ({
  by: 'drill',
  asks,
  maxAgeDays,
  isAbout: ({ kind, subject }) => kind === 'drill' && subject === drill,
  silent: (record) => objectives.filter((name) => isOpen(objectiveIn(record, name))).map(notMeasured),
  broken: (record, policy) => [
    ...objectives.flatMap((name) => {
      const found = objectiveIn(record, name)
      return !found || isOpen(found) || found.met
        ? []
        : [`${name}: ${found.measured}, the objective is ${found.target}`]
    }),
    ...measured(record, policy),
  ],
})

const notMeasured = (name: string): string => `the drill did not measure: ${name}`

const objectiveSchema = z.object({
  target: z.union([z.number(), z.string()]),
  measured: z.union([z.number(), z.string()]),
  met: z.boolean(),
})
type RecordedObjective = z.infer<typeof objectiveSchema>

function objectiveIn({ measurements: { objectives } }: EvidenceRecord, name: string): RecordedObjective | undefined {
  const found = isJsonObject(objectives) ? objectives[objectiveCode(name)] : undefined
  return found === undefined ? undefined : objectiveSchema.parse(found)
}

/** Nobody can say whether it was met. */
const isOpen = (objective: RecordedObjective | undefined): boolean =>
  !objective || (!objective.met && ['not measured', 'inconclusive'].includes(String(objective.measured)))

/** How old the daily checks may be: those of today may not have run yet. */
const DAILY_DAYS = 2

/** Holds when the last daily checks of a region passed the ones that are named. */
export const lookedAtDaily = (
  asks: string,
  role: 'primary' | 'recovery',
  ...checks: readonly DailyCheckName[]
): RecordCheck => {
  const verdicts = ({ measurements }: EvidenceRecord) => {
    const held = isJsonObject(measurements['checks']) ? measurements['checks'] : {}
    return checks.map((check) => [check, held[check]] as const)
  }
  return {
    by: 'account',
    asks: `${asks}: ${role} region`,
    maxAgeDays: DAILY_DAYS,
    isAbout: ({ kind, region }, { topology: { regions } }) =>
      kind === 'daily-verification' && region === (regions as Partial<Record<typeof role, string>>)[role],
    silent: (record) =>
      verdicts(record).flatMap(([check, verdict]) =>
        verdict === 'pass' || verdict === 'fail' ? [] : [`the daily checks could not say: ${check}`],
      ),
    broken: (record) =>
      verdicts(record).flatMap(([check, verdict]) => (verdict === 'fail' ? [`the daily checks found: ${check}`] : [])),
  }
}

/** The same of each data region: what one of them has seen says nothing of the other. */
export const lookedAtDailyInBoth = (asks: string, ...checks: readonly DailyCheckName[]): RecordCheck[] =>
  (['primary', 'recovery'] as const).map((role) => lookedAtDaily(asks, role, ...checks))

export const register = (asks: string, brokenBy: RegisterCheck['broken']): RegisterCheck => ({
  by: 'register',
  asks,
  broken: brokenBy,
})

/** Asked, and nothing of ours can answer it yet. */
export const open = (by: CheckKind, asks: string, unanswered: string): OpenCheck => ({ by, asks, unanswered })

/** Counts that have to be zero; one that is not there was not counted. */
export const none =
  (...counts: readonly string[]): RecordCheck['broken'] =>
  ({ measurements }) =>
    counts.flatMap((name) => {
      const count = measurements[name]
      if (count === 0) return []
      return [typeof count === 'number' ? `${name}: ${count}` : `${name} was not counted`]
    })
