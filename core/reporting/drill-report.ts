import { NOT_MEASURED, type DrillResult, type Objective, type WorkloadMeasurement } from '../measurement'
import type { DrillCharts } from './chart-specs'
import type { DrillContext } from './drill-context'
import { differences, evidence, notes, oldPrimary, projection, steps } from './drill-sections'
import { duration, instant, latency, rate, count } from './format'
import { Html, html } from './html'
import { resumo } from './resumo'
import { STYLE } from './style'

const VERDICTS = {
  pass: 'Every objective was measured and met.',
  fail: 'At least one objective was measured and not met.',
  inconclusive: 'Nothing broke its promise, but not everything could be measured.',
} as const

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
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${result.drill}: ${result.verdict}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${header(result, context)} ${objectives(result.objectives)} ${resumo(result, context)}
          <h2>What happened, second by second</h2>
          ${figure(charts.timeline, 'From the fault to the first client served by the new writer.')}
          <h2>What the clients saw</h2>
          ${loads(workload)}
          ${figure(charts.throughput, 'Throughput. The shaded band is the outage as the clients observed it.')}
          ${figure(charts.latency, 'Latency of acknowledged writes. No line: nothing was acknowledged.')}
          ${differences(result, context)} ${steps(result)} ${projection(context)} ${oldPrimary(context)}
          ${notes(context)} ${evidence(result, context)}
        </main>
      </body>
    </html> `.text
}

function header(result: DrillResult, context: DrillContext): Html {
  const { measurements } = result
  const figures: readonly [string, string][] = [
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
    <div class="verdict ${result.verdict}">
      <strong>${result.verdict}</strong>
      <p>${VERDICTS[result.verdict]}</p>
    </div>
    <dl class="figures">
      ${figures.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`
}

const orNotMeasured = (value: number | null, show: (value: number) => string): string =>
  value === null ? NOT_MEASURED : show(value)

function objectives(list: readonly Objective[]): Html {
  return html`<h2>Objectives</h2>
    <table>
      <thead>
        <tr>
          <th>objective</th>
          <th class="number">target</th>
          <th class="number">measured</th>
          <th>met</th>
        </tr>
      </thead>
      <tbody>
        ${list.map(
          (objective) =>
            html`<tr>
              <td>${objective.name.replace(/, seconds$/, '')}</td>
              <td class="number">${targetOf(objective)}</td>
              <td class="number">${valueOf(objective, objective.measured)}</td>
              ${answer(objective)}
            </tr>`,
        )}
      </tbody>
    </table>`
}

const targetOf = (objective: Objective): string =>
  (typeof objective.target === 'number' ? 'at most ' : '') + valueOf(objective, objective.target)

const valueOf = ({ name }: Objective, value: number | string): string => {
  if (typeof value === 'string') return value
  return name.endsWith(', seconds') ? duration(value) : count(value)
}

function answer({ met, measured }: Objective): Html {
  if (met) return html`<td class="yes">✓ yes</td>`
  return measured === NOT_MEASURED ? html`<td class="open">open</td>` : html`<td class="no">✗ no</td>`
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
