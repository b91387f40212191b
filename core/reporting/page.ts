import { NOT_MEASURED, type DrillResult, type Objective } from '../measurement'
import { count, duration } from './format'
import { Html, html } from './html'
import { STYLE } from './style'

const VERDICTS = {
  pass: 'Every objective was measured and met.',
  fail: 'At least one objective was measured and not met.',
  inconclusive: 'Nothing broke its promise, but not everything could be measured.',
} as const

/** A page that asks for nothing else: no script, no font, no request. */
export const page = ({ drill, verdict }: DrillResult, body: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${drill}: ${verdict}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.text

/** A measured value with its name. */
export type Figure = readonly [name: string, value: string]

/** The verdict, and the few figures that a reader looks for first. */
export const verdictWith = ({ verdict }: DrillResult, figures: readonly Figure[]): Html =>
  html`<div class="verdict ${verdict}">
      <strong>${verdict}</strong>
      <p>${VERDICTS[verdict]}</p>
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

export const orNotMeasured = (value: number | null, show: (value: number) => string): string =>
  value === null ? NOT_MEASURED : show(value)

/** What was promised, and what became of it. */
export function objectives(list: readonly Objective[]): Html {
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
