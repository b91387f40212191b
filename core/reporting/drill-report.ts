import type { DrillResult, WorkloadMeasurement } from '../measurement'
import type { DrillCharts } from './chart-specs'
import type { DrillContext } from './drill-context'
import { differences, evidence, notes, oldPrimary, projection, steps } from './drill-sections'
import { count, duration, instant, latency, rate } from './format'
import { Html, html } from './html'
import { incident } from './incident'
import { saying, type Language } from './language'
import { lessons } from './lessons'
import { objectives, orNotMeasured, page, verdictWith, type Figure } from './page'
import { chartFor, translated } from './portuguese'

/**
 * The report of a drill as one HTML page that asks for nothing else: no script, no font, no request. `charts` are the
 * drawn SVGs of `drillCharts`.
 */
export const drillReport = (
  result: DrillResult,
  workload: WorkloadMeasurement,
  context: DrillContext,
  charts: DrillCharts<string>,
): string =>
  page(result, (language) => {
    const say = saying(language)
    const figure = (svg: string, en: string, pt: string): Html =>
      html`<figure>
        ${new Html(chartFor(svg, language))}
        <figcaption>${say(en, pt)}</figcaption>
      </figure>`
    return html`${header(result, context, language)} ${objectives(result.objectives, language)}
      ${lessons(result, language)} ${incident(context.incident, language)}
      <h2>${say('What happened, second by second', 'O que aconteceu, segundo a segundo')}</h2>
      ${figure(
        charts.timeline,
        'From the fault to the first client served by the new writer.',
        'Da falha ao primeiro cliente servido pelo novo banco.',
      )}
      <h2>${say('What the clients saw', 'O que os clientes viram')}</h2>
      ${loads(workload, language)}
      ${figure(
        charts.throughput,
        'Throughput. The shaded band is the outage as the clients observed it.',
        'Vazão. A faixa sombreada é a indisponibilidade vista pelos clientes.',
      )}
      ${figure(
        charts.latency,
        'Latency of acknowledged writes. No line: nothing was acknowledged.',
        'Latência das gravações confirmadas. Sem linha: nada foi confirmado.',
      )}
      ${differences(result, context, language)} ${steps(result, language)} ${projection(context, language)}
      ${oldPrimary(context, language)} ${notes(context, language)} ${evidence(result, context, language)}`
  })

function header(result: DrillResult, context: DrillContext, language: Language): Html {
  const say = saying(language)
  const { outageSeconds, rpoSeconds, lost, acknowledged } = result.measurements
  const figures: readonly Figure[] = [
    [
      say('client-observed outage', 'indisponibilidade vista pelos clientes'),
      orNotMeasured(outageSeconds, duration, language),
    ],
    [say('data lost (RPO)', 'dados perdidos (RPO)'), orNotMeasured(rpoSeconds, duration, language)],
    [say('transactions lost', 'transações perdidas'), orNotMeasured(lost, count, language)],
    [say('acknowledged', 'confirmadas'), orNotMeasured(acknowledged, count, language)],
  ]
  return html`<h1>
      ${say('Drill', 'Simulação')}: ${say(result.drill.replaceAll('-', ' '), translated(result.drill, 'pt-BR'))}
    </h1>
    <p class="soft">
      ${instant(context.startedAt)} · <code>${context.from}</code> → <code>${context.to}</code> ·
      ${say('fault', 'falha')}: ${translated(context.fault, language)} ·
      ${
        context.replication === 'sync'
          ? say('synchronous replication', 'replicação síncrona')
          : say('asynchronous replication', 'replicação assíncrona')
      }
      · ${context.clients} ${say('clients', 'clientes')} · <code>${context.environment}</code>
    </p>
    ${verdictWith(result, figures, language)}`
}

function loads({ phases }: WorkloadMeasurement, language: Language): Html {
  const say = saying(language)
  const rows = [
    [say('before the fault', 'antes da falha'), phases.before],
    [say('from the fault to service', 'da falha ao serviço'), phases.during],
    [say('after recovery', 'depois da recuperação'), phases.after],
  ] as const
  const columns = [
    say('length', 'duração'),
    say('acknowledged', 'confirmadas'),
    say('refused or unknown', 'recusadas ou sem resposta'),
    say('throughput', 'vazão'),
    say('median', 'mediana'),
    say('99th percentile', 'percentil 99'),
  ]
  return html`<table>
    <thead>
      <tr>
        <th>${say('part', 'trecho')}</th>
        ${columns.map((column) => html`<th class="number">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, load]) =>
          html`<tr>
            <td>${name}</td>
            <td class="number">${duration(load.seconds, language)}</td>
            <td class="number">${count(load.acknowledged, language)}</td>
            <td class="number">${count(load.failed, language)}</td>
            <td class="number">${rate(load.acknowledgedPerSecond, language)}</td>
            <td class="number">${latency(load.p50Ms, language)}</td>
            <td class="number">${latency(load.p99Ms, language)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
