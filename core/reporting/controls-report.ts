import type { JudgedControl, Score, Validation } from '../compliance/validation/validate'
import type { Verdict } from '../compliance/validation/verdict'
import { instant } from './format'
import { html, Html } from './html'
import type { Language } from './language'
import { STYLE } from './style'

const WORDS = {
  en: {
    title: 'Validation of controls',
    holds: ({ hold, applicable }: Score) => `${hold} of ${applicable} controls hold valid evidence`,
    notProof: 'This is a statement about evidence, not a legal opinion.',
    figures: [
      ['covered', 'have a verdict'],
      ['machineVerified', 'verified by machine'],
      ['decidedByMachine', 'decided by machine'],
      ['attested', 'attested by persons'],
    ],
    of: 'of',
    columns: ['Control', 'Verdict', 'Machine', 'What was looked at'],
    catalogue: 'Catalogue',
    chain: 'Evidence',
    asks: { template: 'template', account: 'account', drill: 'drill', register: 'register', person: 'person' },
  },
  'pt-BR': {
    title: 'Validação de controles',
    holds: ({ hold, applicable }: Score) => `${hold} de ${applicable} controles têm evidência válida`,
    notProof: 'Esta é uma afirmação sobre evidências, não um parecer jurídico.',
    figures: [
      ['covered', 'têm veredito'],
      ['machineVerified', 'verificados por máquina'],
      ['decidedByMachine', 'decididos por máquina'],
      ['attested', 'atestados por pessoas'],
    ],
    of: 'de',
    columns: ['Controle', 'Veredito', 'Máquina', 'O que foi examinado (em inglês)'],
    catalogue: 'Catálogo',
    chain: 'Evidência',
    asks: { template: 'modelo', account: 'conta', drill: 'simulação', register: 'registro', person: 'pessoa' },
  },
} as const

export const VERDICTS_PT: Readonly<Record<Verdict, string>> = {
  PASS: 'CUMPRIDO',
  FAIL: 'NÃO CUMPRIDO',
  STALE: 'DESATUALIZADO',
  EXPIRED: 'VENCIDO',
  UNKNOWN: 'DESCONHECIDO',
  'N/A': 'NÃO SE APLICA',
}

const CLASSES: Readonly<Record<Verdict, string>> = {
  PASS: 'pass',
  FAIL: 'fail',
  STALE: 'fail',
  EXPIRED: 'fail',
  UNKNOWN: 'inconclusive',
  'N/A': 'inconclusive',
}

/** The whole validation as one page, in Portuguese and in English, that asks for nothing else. */
export const controlsReport = (validation: Validation): string =>
  html`<!doctype html>
    <html lang="pt-BR">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${WORDS['pt-BR'].title}: ${validation.environment}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${inLanguage(validation, 'pt-BR')} ${inLanguage(validation, 'en')}</main>
      </body>
    </html> `.text

function inLanguage(validation: Validation, language: Language): Html {
  const words = WORDS[language]
  const { score, controls, environment, at, catalogue, evidence } = validation
  const outOf = (figure: (typeof words.figures)[number][0]) =>
    figure === 'attested' ? score.toBeAttested : score.applicable
  return html`<section lang="${language}">
    <h1>${words.title}</h1>
    <p class="soft">
      ${environment} · ${instant(at)} · ${words.catalogue} ${catalogue.slice(0, 16)} · ${words.chain}: ${evidence}
    </p>
    <p><strong>${words.holds(score)}</strong></p>
    <p>${words.notProof}</p>
    <dl class="figures">
      ${words.figures.map(
        ([figure, name]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${score[figure]} ${words.of} ${outOf(figure)}</dd>
          </div>`,
      )}
    </dl>
    <table>
      <thead>
        <tr>
          ${words.columns.map((column) => html`<th>${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${controls.map((control) => row(control, language))}
      </tbody>
    </table>
  </section>`
}

function row(control: JudgedControl, language: Language): Html {
  const { id, title, norms, verdict, machine } = control
  return html`<tr>
    <td>
      <strong>${id}</strong> ${language === 'en' ? title.en : title.pt}<br /><span class="soft"
        >${norms.join(', ')}</span
      >
    </td>
    <td><span class="${CLASSES[verdict]}">${said(verdict, language)}</span></td>
    <td>${said(machine, language)}</td>
    <td>
      <ul>
        ${looks(control, language)}
      </ul>
    </td>
  </tr>`
}

const looks = ({ checks, statements }: JudgedControl, language: Language): Html[] => [
  ...checks.map(({ by, asks, verdict, reasons }) => look(WORDS[language].asks[by], asks, verdict, reasons, language)),
  ...statements.map(({ statement, verdict, reasons }) =>
    look(WORDS[language].asks.person, statement, verdict, reasons, language),
  ),
]

/** Reasons that a table can hold; all of them are in the JSON. */
const SHOWN = 3

const look = (by: string, asks: string, verdict: Verdict, reasons: readonly string[], language: Language): Html =>
  html`<li>
    ${by}: ${asks}: ${said(verdict, language)}${reasons.length > 0 ? ` (${reasons.slice(0, SHOWN).join('; ')})` : ''}
  </li>`

const said = (verdict: Verdict, language: Language): string => (language === 'en' ? verdict : VERDICTS_PT[verdict])
