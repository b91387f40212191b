import type { Incident } from '../coordination/incidents'
import type { Preview } from '../runbook/plan/previews'
import { duration, instant } from './format'
import { html, type Html } from './html'
import { saying, type Language } from './language'
import { translated } from './portuguese'

/** What a drill's detector led to, before anything was done. */
export interface AnsweredIncident {
  readonly incident: Incident
  readonly runbook: string
  /** What each step of the plan would do; none where people answer without a plan. */
  readonly steps: readonly { readonly id: string; readonly title: string; readonly preview: Preview }[]
  readonly planSeconds: number
}

/** A plan is read by people: what a step saw is cut, and the run looks for itself. */
const CHARACTERS_SHOWN = 300

/** The incident that was opened, and the plan that was made before its runbook was executed. */
export function incident(
  { incident: opened, runbook, steps, planSeconds }: AnsweredIncident,
  language: Language,
): Html {
  const say = saying(language)
  return html`<h2>${say('From the alarm to the plan', 'Do alarme ao plano')}</h2>
    <p>
      <code>${opened.reasonCode}</code> ${say('opened the incident', 'abriu o incidente')}
      <code>${opened.id}</code> (${translated(opened.scenario, language)}, ${translated(opened.severity, language)})
      ${say('at', 'em')} ${instant(opened.openedAt)}. ${say('Guide', 'Guia')}: <code>${opened.guide}</code>.
      ${
        steps.length === 0
          ? html`${say('Nothing could be planned: people answer with', 'Nada pôde ser planejado: pessoas respondem com')}
              <code>${runbook}</code>.`
          : html`${say('The plan of', 'O plano de')}
              <code>${runbook}</code>
              ${say('stood before anything was changed, after', 'estava pronto antes de qualquer mudança, depois de')}
              ${duration(planSeconds, language)}:`
      }
    </p>
    ${steps.length === 0 ? '' : plan(steps, language)}`
}

function plan(steps: AnsweredIncident['steps'], language: Language): Html {
  const say = saying(language)
  return html`<table>
    <thead>
      <tr>
        <th>${say('step', 'etapa')}</th>
        <th>${say('what it would do, or why that could not be seen', 'o que faria, ou por que não se pôde ver')}</th>
      </tr>
    </thead>
    <tbody>
      ${steps.map(
        ({ title, preview }) =>
          html`<tr>
            <td>${translated(title, language)}</td>
            <td>
              ${
                'seen' in preview
                  ? html`<code>${JSON.stringify(preview.seen).slice(0, CHARACTERS_SHOWN)}</code>`
                  : html`${say('not seen', 'não visto')}: <code>${preview.notSeen}</code>`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
