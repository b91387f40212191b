import type { Incident } from '../coordination/incidents'
import type { Preview } from '../runbook/plan/previews'
import { duration, instant } from './format'
import { html, type Html } from './html'

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
export function incident({ incident: opened, runbook, steps, planSeconds }: AnsweredIncident): Html {
  return html`<h2>From the alarm to the plan</h2>
    <p>
      <code>${opened.reasonCode}</code> opened the incident <code>${opened.id}</code> (${opened.scenario},
      ${opened.severity}) at ${instant(opened.openedAt)}. Guide: <code>${opened.guide}</code>.
      ${
        steps.length === 0
          ? html`Nothing could be planned: people answer with ${runbook}.`
          : html`The plan of ${runbook} stood ${duration(planSeconds)} later, before anything was changed:`
      }
    </p>
    ${steps.length === 0 ? '' : plan(steps)}`
}

const plan = (steps: AnsweredIncident['steps']): Html =>
  html`<table>
    <thead>
      <tr>
        <th>step</th>
        <th>what it would do, or why that could not be seen</th>
      </tr>
    </thead>
    <tbody>
      ${steps.map(
        ({ title, preview }) =>
          html`<tr>
            <td>${title}</td>
            <td>
              ${
                'seen' in preview
                  ? html`<code>${JSON.stringify(preview.seen).slice(0, CHARACTERS_SHOWN)}</code>`
                  : html`not seen: <code>${preview.notSeen}</code>`
              }
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`
