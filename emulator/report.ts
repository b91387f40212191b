import type { Policy } from '../core/policy'
import type { Replacement } from './hosted-zones'
import type { Shim } from './shims'

/** Least share of the resources that has to be created for real, else the run says too little. */
export const LEAST_CREATED_PERCENT = 60

/** What one run really did. */
export interface EmulatorReport {
  readonly environment: Policy['environment']
  readonly stacks: number
  readonly regions: readonly string[]
  readonly resources: {
    readonly total: number
    readonly created: number
    readonly placeholders: number
    readonly createdPercent: number
  }
  readonly shims: readonly Shim[]
  readonly replaced: readonly Replacement[]
  readonly seconds: number
}

/** The report for people. */
export function renderReport(report: EmulatorReport): string {
  const { resources } = report
  return [
    `${report.stacks} stacks of ${report.environment} deployed to MiniStack in ${report.regions.join(', ')} in ${report.seconds} s`,
    `${resources.created} of ${resources.total} resources created (${resources.createdPercent} %, at least ${LEAST_CREATED_PERCENT} % demanded); ${resources.placeholders} are placeholders, because MiniStack refuses their type:`,
    ...report.shims.map(
      ({ type, having, count, notShown }) =>
        `  ${count} ${type}${having ? ` with ${having}` : ''}: not shown ${notShown}`,
    ),
    'values replaced in the templates:',
    ...report.replaced.map(({ what, by }) => `  ${what}: ${by}`),
  ].join('\n')
}
