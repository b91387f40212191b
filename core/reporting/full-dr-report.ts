import type { DrillResult } from '../measurement'
import { evidence } from './drill-sections'
import { count, duration, instant } from './format'
import { html, type Html } from './html'
import { saying, type Language } from './language'
import { lessons } from './lessons'
import { objectives, orNotMeasured, page, verdictWith, withoutUnit } from './page'
import { translated } from './portuguese'

/** What the report of a full drill tells beyond its result. */
export interface FullDrContext {
  readonly environment: string
  readonly policyHash: string
  readonly startedAt: string
  /** The drills it consists of, in their order. */
  readonly parts: readonly DrillResult[]
}

/** The report of the monthly full drill as one HTML page. Its drills have reports of their own, beside it. */
export const fullDrReport = (result: DrillResult, context: FullDrContext): string =>
  page(result, (language) => {
    const say = saying(language)
    const { outageSeconds, lost, acknowledged } = result.measurements
    const passed = context.parts.filter(({ verdict }) => verdict === 'pass').length
    return html`<h1>${say('Full disaster recovery drill', 'Exercício completo de recuperação de desastres')}</h1>
      <p class="soft">
        ${instant(context.startedAt)} · <code>${context.environment}</code> · ${context.parts.length}
        ${say('drills', 'simulações')}
      </p>
      ${verdictWith(
        result,
        [
          [say('slowest outage', 'maior indisponibilidade'), orNotMeasured(outageSeconds, duration, language)],
          [say('drills passed', 'simulações aprovadas'), `${passed} ${say('of', 'de')} ${context.parts.length}`],
          [say('transactions lost', 'transações perdidas'), orNotMeasured(lost, count, language)],
          [say('acknowledged', 'confirmadas'), orNotMeasured(acknowledged, count, language)],
        ],
        language,
      )}
      ${objectives(result.objectives, language)} ${parts(context, language)} ${missed(context, language)}
      ${lessons(result, language)} ${evidence(result, context, language)}`
  })

function parts({ parts: drills }: FullDrContext, language: Language): Html {
  const say = saying(language)
  return html`<h2>${say('The drills', 'As simulações')}</h2>
    <table>
      <thead>
        <tr>
          <th>${say('drill', 'simulação')}</th>
          <th>${say('verdict', 'veredito')}</th>
          <th class="number">${say('outage', 'indisponibilidade')}</th>
          <th class="number">${say('data lost (RPO)', 'dados perdidos (RPO)')}</th>
          <th class="number">${say('transactions lost', 'transações perdidas')}</th>
          <th>${say('report', 'relatório')}</th>
        </tr>
      </thead>
      <tbody>
        ${drills.map(
          ({ drill, verdict, measurements, report }) =>
            html`<tr>
              <td>${translated(drill, language)}</td>
              <td class="${verdict === 'pass' ? 'yes' : 'no'}">${translated(verdict, language)}</td>
              <td class="number">${orNotMeasured(measurements.outageSeconds, duration, language)}</td>
              <td class="number">${orNotMeasured(measurements.rpoSeconds, duration, language)}</td>
              <td class="number">${orNotMeasured(measurements.lost, count, language)}</td>
              <td>
                ${report ? html`<a href="${fileOf(report)}"><code>${fileOf(report)}</code></a>` : say('none', 'nenhum')}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

/** What did not hold, drill by drill. */
function missed({ parts: drills }: FullDrContext, language: Language): Html | '' {
  const all = drills.flatMap(({ drill, objectives: list }) =>
    list
      .filter(({ met }) => !met)
      .map(
        ({ name, measured }) =>
          html`<li>
            ${translated(drill, language)}: ${translated(withoutUnit(name), language)}
            (${translated(String(measured), language)})
          </li>`,
      ),
  )
  if (all.length === 0) return ''
  return html`<h2>${saying(language)('What did not hold', 'O que não se cumpriu')}</h2>
    <ul>
      ${all}
    </ul>`
}

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
