import type { EvidenceRecord } from '../../evidence/record'
import type { Policy } from '../../policy'
import { broken, TRACEABILITY, type Trace } from '../../posture/traceability'
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
  return { by: 'template', asks, broken: (stacks, policy) => traces.flatMap((trace) => broken(trace, stacks, policy)) }
}

/** Holds when the newest record of the kind and subject succeeded, and its measurements say what is asked. */
export const recorded = (
  asks: string,
  about: { readonly kind: string; readonly subject?: string | readonly string[]; readonly by?: 'account' | 'drill' },
  maxAgeDays: number,
  measured: (record: EvidenceRecord, policy: Policy) => Reasons = () => [],
): RecordCheck => ({
  by: about.by ?? 'drill',
  asks,
  maxAgeDays,
  isAbout: ({ kind, subject }) =>
    kind === about.kind && (about.subject === undefined || [about.subject].flat().includes(subject)),
  broken: (record, policy) => [
    ...(record.outcome === 'succeeded' ? [] : [`${record.kind} of ${record.subject} ended as ${record.outcome}`]),
    ...measured(record, policy),
  ],
})

/** Holds when a drill of the name passed. */
export const drilled = (
  asks: string,
  drill: string,
  maxAgeDays: number,
  measured?: RecordCheck['broken'],
): RecordCheck => recorded(asks, { kind: 'drill', subject: drill }, maxAgeDays, measured)

export const register = (asks: string, brokenBy: RegisterCheck['broken']): RegisterCheck => ({
  by: 'register',
  asks,
  broken: brokenBy,
})

/** Asked, and nothing of ours can answer it yet. */
export const open = (by: CheckKind, asks: string, unanswered: string): OpenCheck => ({ by, asks, unanswered })

/** A measured number within its limit. */
export const atMost =
  (measurement: string, limit: (policy: Policy) => number): RecordCheck['broken'] =>
  ({ measurements }, policy) => {
    const value = measurements[measurement]
    if (typeof value !== 'number') return [`nothing was measured as ${measurement}`]
    return value <= limit(policy) ? [] : [`${measurement} is ${value}, at most ${limit(policy)} allowed`]
  }

/** Counts that have to be zero; one that is not there was not counted. */
export const none =
  (...counts: readonly string[]): RecordCheck['broken'] =>
  ({ measurements }) =>
    counts.flatMap((name) => {
      const count = measurements[name]
      if (count === 0) return []
      return [typeof count === 'number' ? `${name}: ${count}` : `${name} was not counted`]
    })
