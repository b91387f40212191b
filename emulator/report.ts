import type { Policy } from '../core/policy'
import type { Replacement } from './hosted-zones'
import type { PropertyFinding, ReadBack } from './read-back'
import type { Rehearsal } from './rehearse'
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
  readonly readBack: Omit<ReadBack, 'declared'>
  readonly replaced: readonly Replacement[]
  readonly rehearsal: Rehearsal
  readonly seconds: number
}

/** The report for people. */
export function renderReport(report: EmulatorReport): string {
  const { resources, rehearsal } = report
  const { measurements } = rehearsal.drill
  return [
    `${report.stacks} stacks of ${report.environment} deployed to MiniStack in ${report.regions.join(', ')}`,
    `${resources.created} of ${resources.total} resources created (${resources.createdPercent} %, at least ${LEAST_CREATED_PERCENT} % demanded); ${resources.placeholders} are placeholders, because MiniStack refuses them:`,
    ...report.shims.map(
      ({ type, having, count, notShown }) =>
        `  ${count} ${type}${having ? ` with ${having}` : ''}: not shown ${notShown}`,
    ),
    `${report.readBack.resources} resources read back from their services: ${report.readBack.kept} of ${report.readBack.values} declared values are there`,
    ...linesOf('forgotten by MiniStack', 'dropped', report.readBack),
    ...linesOf('kept as something else', 'changed', report.readBack),
    ...linesOf('told in another form, and not compared', 'not compared', report.readBack),
    ...linesOf('not looked at', 'not looked at', report.readBack),
    'values that are other ones in the emulators:',
    ...report.replaced.map(({ what, by }) => `  ${what}: ${by}`),
    `  path of the policy: the layer's own file, for ${rehearsal.connected.policy} functions`,
    `  host, port and authority of the database: those of the local world, for ${rehearsal.connected.database} functions`,
    'what of AWS was played by something of ours:',
    ...rehearsal.substitutes.map(({ of, by }) => `  ${of}: ${by}`),
    'database instances of the templates, told to moto:',
    ...rehearsal.rds.map(
      ({ region, instance, source }) => `  ${instance} in ${region}${source ? `, replica of ${source}` : ''}`,
    ),
    'dry run of the region failover, driven by Step Functions of MiniStack through the deployed functions:',
    ...rehearsal.dryRun.map(({ step, output }) => `  ${step}: ${JSON.stringify(output)}`),
    `drill of a regional outage through the AWS adapters: ${rehearsal.drill.verdict}, outage ${measurements.outageSeconds} s, ${measurements.lost} lost of ${measurements.acknowledged} acknowledged`,
    ...rehearsal.drill.steps.map(
      ({ step, outcome, ranAgainst }) => `  ${step}: ${outcome}, ran against ${ranAgainst.join(', ') || 'nothing'}`,
    ),
    `all of it in ${report.seconds} s`,
  ].join('\n')
}

/** One line per type for a kind of finding. */
function linesOf(title: string, kind: PropertyFinding['finding'], { findings }: EmulatorReport['readBack']): string[] {
  const found = findings.filter(({ finding }) => finding === kind)
  const types = [...new Set(found.map(({ type }) => type))]
  const of = (type: string) =>
    found.filter((one) => one.type === type).map(({ property, count, of: all }) => `${property} (${count} of ${all})`)
  return [`  ${title}:`, ...types.map((type) => `    ${type}: ${of(type).join(', ')}`)]
}
