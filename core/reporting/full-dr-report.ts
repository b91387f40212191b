import type { DrillResult } from '../measurement'
import { evidence } from './drill-sections'
import { count, duration, instant } from './format'
import { html, type Html } from './html'
import { lessons } from './lessons'
import { objectives, orNotMeasured, page, verdictWith } from './page'
import { VEREDITOS } from './resumo'

/** What the report of a full drill tells beyond its result. */
export interface FullDrContext {
  readonly environment: string
  readonly policyHash: string
  readonly startedAt: string
  /** The drills it consists of, in their order. */
  readonly parts: readonly DrillResult[]
}

/** The report of the monthly full drill as one HTML page. Its drills have reports of their own, beside it. */
export function fullDrReport(result: DrillResult, context: FullDrContext): string {
  const { outageSeconds, lost, acknowledged } = result.measurements
  return page(
    result,
    html`<h1>Full disaster recovery drill</h1>
      <p class="soft">${instant(context.startedAt)} · ${context.environment} · ${count(context.parts.length)} drills</p>
      ${verdictWith(result, [
        ['slowest outage', orNotMeasured(outageSeconds, duration)],
        [
          'drills passed',
          `${context.parts.filter(({ verdict }) => verdict === 'pass').length} of ${context.parts.length}`,
        ],
        ['transactions lost', orNotMeasured(lost, count)],
        ['acknowledged', orNotMeasured(acknowledged, count)],
      ])}
      ${objectives(result.objectives)} ${resumo(result, context)} ${parts(context)} ${missed(context)}
      ${lessons(result)} ${evidence(result, context)}`,
  )
}

function parts({ parts: drills }: FullDrContext): Html {
  return html`<h2>The drills</h2>
    <table>
      <thead>
        <tr>
          <th>drill</th>
          <th>verdict</th>
          <th class="number">outage</th>
          <th class="number">data lost (RPO)</th>
          <th class="number">transactions lost</th>
          <th>report</th>
        </tr>
      </thead>
      <tbody>
        ${drills.map(
          ({ drill, verdict, measurements, report }) =>
            html`<tr>
              <td>${drill}</td>
              <td class="${verdict === 'pass' ? 'yes' : 'no'}">${verdict}</td>
              <td class="number">${orNotMeasured(measurements.outageSeconds, duration)}</td>
              <td class="number">${orNotMeasured(measurements.rpoSeconds, duration)}</td>
              <td class="number">${orNotMeasured(measurements.lost, count)}</td>
              <td>${report ? html`<a href="${fileOf(report)}">${fileOf(report)}</a>` : 'none'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

/** What did not hold, drill by drill. */
function missed({ parts: drills }: FullDrContext): Html | '' {
  const all = drills.flatMap(({ drill, objectives: list }) =>
    list.filter(({ met }) => !met).map(({ name, measured }) => html`<li>${drill}: ${name} (${String(measured)})</li>`),
  )
  if (all.length === 0) return ''
  return html`<h2>What did not hold</h2>
    <ul>
      ${all}
    </ul>`
}

/** The summary for readers in Brazil. */
function resumo(result: DrillResult, { parts: drills }: FullDrContext): Html {
  const cumpridos = result.objectives.filter(({ met }) => met).length
  return html`<section lang="pt-BR">
    <h2>Resumo em português</h2>
    <p>
      Exercício mensal completo de recuperação de desastres. Resultado: <strong>${VEREDITOS[result.verdict]}</strong>;
      ${cumpridos} de ${result.objectives.length} objetivos cumpridos.
    </p>
    <ul>
      ${drills.map(({ drill, verdict }) => html`<li>${drill}: ${VEREDITOS[verdict]}.</li>`)}
    </ul>
  </section>`
}

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
