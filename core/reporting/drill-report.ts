import type { DrillResult, WorkloadMeasurement } from '../measurement'
import type { DrillCharts } from './chart-specs'
import type { DrillContext } from './drill-context'
import { differences, evidence, notes, oldPrimary, projection, steps } from './drill-sections'
import { duration, instant, latency, rate, count } from './format'
import { Html, html } from './html'
import { incident } from './incident'
import { lessons } from './lessons'
import { resumo } from './resumo'
import { objectives, orNotMeasured, page, verdictWith, type Figure } from './page'

/**
 * The report of a drill as one HTML page that asks for nothing else: no script, no font, no request. `charts` are the
 * drawn SVGs of `drillCharts`.
 */
export function drillReport(
  result: DrillResult,
  workload: WorkloadMeasurement,
  context: DrillContext,
  charts: DrillCharts<string>,
): string {
  return page(
    result,
    html`${header(result, context)} ${objectives(result.objectives)} ${resumo(result, workload, context)}
      ${lessons(result)} ${incident(context.incident)}
      <h2>What happened, second by second</h2>
      ${figure(charts.timeline, 'From the fault to the first client served by the new writer.')}
      <h2>What the clients saw</h2>
      ${loads(workload)}
      ${figure(charts.throughput, 'Throughput. The shaded band is the outage as the clients observed it.')}
      ${figure(charts.latency, 'Latency of acknowledged writes. No line: nothing was acknowledged.')}
      ${differences(result, context)} ${steps(result)} ${projection(context)} ${oldPrimary(context)} ${notes(context)}
      ${evidence(result, context)}`,
  )
}

function header(result: DrillResult, context: DrillContext): Html {
  const { measurements } = result
  const figures: readonly Figure[] = [
    ['client-observed outage', orNotMeasured(measurements.outageSeconds, duration)],
    ['data lost (RPO)', orNotMeasured(measurements.rpoSeconds, duration)],
    ['transactions lost', orNotMeasured(measurements.lost, count)],
    ['acknowledged', orNotMeasured(measurements.acknowledged, count)],
  ]
  return html`<h1>Drill: ${result.drill.replaceAll('-', ' ')}</h1>
    <p class="soft">
      ${instant(context.startedAt)} · ${context.from} to ${context.to} · fault: ${context.fault} ·
      ${context.replication === 'sync' ? 'synchronous' : 'asynchronous'} replication · ${context.clients} clients ·
      ${context.environment}
    </p>
    ${verdictWith(result, figures)}`
}

function loads({ phases }: WorkloadMeasurement): Html {
  const rows = [
    ['before the fault', phases.before],
    ['from the fault to service', phases.during],
    ['after recovery', phases.after],
  ] as const
  return html`<table>
    <thead>
      <tr>
        <th>part</th>
        <th class="number">length</th>
        <th class="number">acknowledged</th>
        <th class="number">refused or unknown</th>
        <th class="number">throughput</th>
        <th class="number">median</th>
        <th class="number">99th percentile</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, load]) =>
          html`<tr>
            <td>${name}</td>
            <td class="number">${duration(load.seconds)}</td>
            <td class="number">${count(load.acknowledged)}</td>
            <td class="number">${count(load.failed)}</td>
            <td class="number">${rate(load.acknowledgedPerSecond)}</td>
            <td class="number">${latency(load.p50Ms)}</td>
            <td class="number">${latency(load.p99Ms)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

const figure = (svg: string, caption: string): Html =>
  html`<figure>
    ${new Html(svg)}
    <figcaption>${caption}</figcaption>
  </figure>`
