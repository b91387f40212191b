import { NOT_MEASURED, type DrillResult, type Objective } from '../measurement'
import { count, duration } from './format'
import { Html, html } from './html'
import { LANGUAGES, saying, type Language } from './language'
import { translated } from './portuguese'
import { STYLE } from './style'

const VERDICTS = {
  pass: {
    en: 'Every objective was measured and met.',
    'pt-BR': 'Todos os objetivos foram medidos e cumpridos.',
  },
  fail: {
    en: 'At least one objective was measured and not met.',
    'pt-BR': 'Ao menos um objetivo foi medido e não foi cumprido.',
  },
  inconclusive: {
    en: 'Nothing broke its promise, but not everything could be measured.',
    'pt-BR': 'Nada descumpriu o prometido, mas nem tudo pôde ser medido.',
  },
} as const satisfies Readonly<Record<DrillResult['verdict'], Readonly<Record<Language, string>>>>

/** A page that asks for nothing else: no script, no font, no request. The whole of it in each language. */
export const page = (
  { drill, verdict }: Pick<DrillResult, 'drill' | 'verdict'>,
  body: (language: Language) => Html,
): string =>
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
        <main>${LANGUAGES.map((language) => html`<section lang="${language}">${body(language)}</section>`)}</main>
      </body>
    </html> `.text

/** A measured value with its name. */
export type Figure = readonly [name: string, value: string]

/** The verdict, and the few figures that a reader looks for first. */
export const verdictWith = (
  { verdict }: Pick<DrillResult, 'verdict'>,
  figures: readonly Figure[],
  language: Language,
): Html =>
  html`<div class="verdict ${verdict}">
      <strong>${translated(verdict, language)}</strong>
      <p>${VERDICTS[verdict][language]}</p>
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

export const orNotMeasured = (
  value: number | null,
  show: (value: number, language: Language) => string,
  language: Language,
): string => (value === null ? translated(NOT_MEASURED, language) : show(value, language))

/** What was promised, and what became of it. */
export function objectives(list: readonly Objective[], language: Language): Html {
  const say = saying(language)
  return html`<h2>${say('Objectives', 'Objetivos')}</h2>
    <table>
      <thead>
        <tr>
          <th>${say('objective', 'objetivo')}</th>
          <th class="number">${say('target', 'meta')}</th>
          <th class="number">${say('measured', 'medido')}</th>
          <th>${say('met', 'cumprido')}</th>
        </tr>
      </thead>
      <tbody>
        ${list.map(
          (objective) =>
            html`<tr>
              <td>${translated(withoutUnit(objective.name), language)}</td>
              <td class="number">${targetOf(objective, language)}</td>
              <td class="number">${valueOf(objective, objective.measured, language)}</td>
              ${answer(objective, language)}
            </tr>`,
        )}
      </tbody>
    </table>`
}

/** The unit stands beside the value. */
export const withoutUnit = (name: string): string => name.replace(/, seconds$/, '')

const targetOf = (objective: Objective, language: Language): string =>
  (typeof objective.target === 'number' ? saying(language)('at most ', 'no máximo ') : '') +
  valueOf(objective, objective.target, language)

const valueOf = ({ name }: Objective, value: number | string, language: Language): string => {
  if (typeof value === 'string') return translated(value, language)
  return name.endsWith(', seconds') ? duration(value, language) : count(value, language)
}

function answer({ met, measured }: Objective, language: Language): Html {
  const say = saying(language)
  if (met) return html`<td class="yes">✓ ${say('yes', 'sim')}</td>`
  return measured === NOT_MEASURED
    ? html`<td class="open">${say('open', 'em aberto')}</td>`
    : html`<td class="no">✗ ${say('no', 'não')}</td>`
}
