import type { Policy } from '../policy'
import { verdictOf } from './objectives'
import type { DrillResult, Objective } from './drill-result'
import { atMost } from './objectives'

/** Drills whose outage is one of the critical services, and not of a recovery of data. */
const FAILOVERS = ['database-failure', 'regional-outage']

/** The four recovery time objectives, each by the slowest of the drills that measure it, and every drill's own verdict. */
export function fullDrObjectives({ rto }: Policy['objectives'], parts: readonly DrillResult[]): Objective[] {
  const failovers = parts.filter(({ drill }) => FAILOVERS.includes(drill))
  return [
    atMost(
      'RTO of critical services, seconds',
      rto.criticalServicesMinutes * 60,
      slowest(failovers.map(({ measurements }) => measurements.outageSeconds)),
    ),
    atMost('RTO of the full system, seconds', rto.fullSystemMinutes * 60, slowest(served(parts).map(untilServed))),
    atMost(
      'RTO of data recovery, seconds',
      rto.dataRecoveryMinutes * 60,
      slowest(parts.flatMap(({ objectives }) => objectives.filter(isDataRecovery).map(secondsOf))),
    ),
    atMost(
      'RTO of compliance validation, seconds',
      rto.complianceValidationMinutes * 60,
      slowest(
        parts.flatMap(({ measurements: { validatedSeconds } }) =>
          validatedSeconds === undefined ? [] : [validatedSeconds],
        ),
      ),
    ),
    atMost('drills that did not pass', 0, parts.filter(({ verdict }) => verdict !== 'pass').length),
  ]
}

/** Seconds and counts over all drills: the slowest outage, the worst loss in time, the sums of what was counted. */
export function fullDrMeasurements(parts: readonly DrillResult[]): DrillResult['measurements'] {
  const of = (name: keyof DrillResult['measurements']) =>
    parts.flatMap(({ measurements }) => {
      const value = measurements[name]
      return value === null || value === undefined ? [] : [value]
    })
  const worst = (name: keyof DrillResult['measurements']) => (of(name).length > 0 ? Math.max(...of(name)) : null)
  const total = (name: keyof DrillResult['measurements']) =>
    of(name).length > 0 ? of(name).reduce((sum, value) => sum + value, 0) : null
  return {
    outageSeconds: worst('outageSeconds'),
    detectSeconds: worst('detectSeconds'),
    fenceSeconds: worst('fenceSeconds'),
    promoteSeconds: worst('promoteSeconds'),
    switchSeconds: worst('switchSeconds'),
    reconnectSeconds: worst('reconnectSeconds'),
    rpoSeconds: worst('rpoSeconds'),
    acknowledged: total('acknowledged'),
    lost: total('lost'),
    ghost: total('ghost'),
    unknown: total('unknown'),
    validatedSeconds: worst('validatedSeconds'),
  }
}

/** A drill that did not pass fails the whole, whatever its numbers were. */
export const fullDrVerdict = (
  parts: readonly DrillResult[],
  objectives: readonly Objective[],
): DrillResult['verdict'] =>
  parts.length > 0 && parts.every(({ verdict }) => verdict === 'inconclusive' || verdict === 'pass')
    ? verdictOf(objectives)
    : 'fail'

const isDataRecovery = ({ name }: Objective): boolean => name === 'RTO of data recovery, seconds'

const secondsOf = ({ measured }: Objective): number | null => (typeof measured === 'number' ? measured : null)

/** Undefined, and so not met, as soon as one of them was not measured. */
const slowest = (seconds: readonly (number | null)[]): number | undefined =>
  seconds.length === 0 || seconds.includes(null) ? undefined : Math.max(...seconds.map(Number))

/** Drills in which an application has to serve again. */
const served = (parts: readonly DrillResult[]): readonly DrillResult[] =>
  parts.filter(({ steps }) => steps.some(({ name }) => name === 'serve'))

/** From the fault to the last part of the application that serves; null where it never did. */
function untilServed({ measurements: { detectSeconds }, steps }: DrillResult): number | null {
  const [first] = steps
  const last = steps.find(({ name }) => name === 'serve')
  if (!first?.startedAt || !last?.startedAt || last.seconds === null || detectSeconds === null) return null
  return detectSeconds + (Date.parse(last.startedAt) - Date.parse(first.startedAt)) / 1000 + last.seconds
}
