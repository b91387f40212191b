import { EXPOSURES, kindOf, TRAINING_TOPICS, type FindingCode } from '../compliance/finding-kinds'
import type { DrillResult } from '../measurement'
import { evidence, steps } from './drill-sections'
import { count, duration, instant } from './format'
import { html, type Html } from './html'
import { incident, type AnsweredIncident } from './incident'
import { lessons } from './lessons'
import { objectives, orNotMeasured, page, verdictWith } from './page'
import { ou, VEREDITOS } from './resumo'

/** One violation, and how far it came. */
export interface PlantedViolation {
  readonly code: FindingCode
  /** Such as `bucket/sa-east-1/name`. */
  readonly resource: string
  readonly namedByPosture: boolean
  readonly found: boolean
  readonly remedied: boolean
}

/** What the report of a compliance violation tells beyond the result itself. */
export interface ComplianceContext {
  readonly environment: string
  readonly policyHash: string
  readonly startedAt: string
  readonly violations: readonly PlantedViolation[]
  /** Things of the account that were looked at each time. */
  readonly lookedAt: number
  readonly revisions: readonly { readonly number: number; readonly section: string }[]
  readonly targetSeconds: number
  /** What the alarm led to before anything was remedied. @default nothing was found, so that nothing rang */
  readonly incident?: AnsweredIncident
}

/** The report of a compliance violation as one HTML page. */
export function complianceReport(result: DrillResult, context: ComplianceContext): string {
  const { detectSeconds, validatedSeconds = null } = result.measurements
  const remedied = context.violations.filter((one) => one.remedied).length
  return page(
    result,
    html`<h1>Drill: ${result.drill.replaceAll('-', ' ')}</h1>
      <p class="soft">
        ${instant(context.startedAt)} · ${context.environment} · ${count(context.lookedAt)} things of the account looked
        at
      </p>
      ${verdictWith(result, [
        ['planting to detection', orNotMeasured(detectSeconds, duration)],
        ['planting to validation', orNotMeasured(validatedSeconds, duration)],
        ['violations planted', count(context.violations.length)],
        ['violations remedied', count(remedied)],
      ])}
      ${objectives(result.objectives)} ${resumo(result, context)} ${violations(context)}
      ${context.incident ? incident(context.incident) : ''} ${followed(context)} ${steps(result)} ${lessons(result)}
      ${notes()} ${evidence(result, context)}`,
  )
}

/** The summary for readers in Brazil. */
function resumo(result: DrillResult, { violations: planted, targetSeconds, revisions }: ComplianceContext): Html {
  const { detectSeconds, validatedSeconds = null } = result.measurements
  const cumpridos = result.objectives.filter(({ met }) => met).length
  return html`<section lang="pt-BR">
    <h2>Resumo em português</h2>
    <p>
      Exercício de violação de conformidade. Resultado: <strong>${VEREDITOS[result.verdict]}</strong>; ${cumpridos} de
      ${result.objectives.length} objetivos cumpridos.
    </p>
    <ul>
      <li>Da violação à detecção: ${ou(detectSeconds, duration)}.</li>
      <li>
        Da violação à validação da conformidade: ${ou(validatedSeconds, duration)} (objetivo:
        ${duration(targetSeconds, 'pt-BR')}).
      </li>
      <li>Revisões do procedimento: ${revisions.map(({ number }) => number).join(', ') || 'nenhuma'}.</li>
    </ul>
    <ul>
      ${planted.map(
        ({ code, resource, remedied }) =>
          html`<li>
            ${kindOf(code).titulo} (<code>${resource}</code>): ${remedied ? 'corrigida' : 'não corrigida'}.
          </li>`,
      )}
    </ul>
  </section>`
}

function violations({ violations: planted }: ComplianceContext): Html {
  return html`<h2>What was planted, and what became of it</h2>
    <table>
      <thead>
        <tr>
          <th>finding</th>
          <th>in</th>
          <th>named by the posture</th>
          <th>found in the account</th>
          <th>remedied</th>
          <th>requirements</th>
        </tr>
      </thead>
      <tbody>
        ${planted.map(({ code, resource, namedByPosture, found, remedied }) => {
          const { title, exposure, requirements } = kindOf(code)
          return html`<tr>
            <td><code>${code}</code><br />${title}<br /><span class="soft">${EXPOSURES[exposure]}</span></td>
            <td><code>${resource}</code></td>
            ${answer(namedByPosture)} ${answer(found)} ${answer(remedied)}
            <td>${requirements.join(', ')}</td>
          </tr>`
        })}
      </tbody>
    </table>`
}

const answer = (yes: boolean): Html => (yes ? html`<td class="yes">✓ yes</td>` : html`<td class="no">✗ no</td>`)

function followed({ violations: planted, revisions }: ComplianceContext): Html {
  const topics = [...new Set(planted.map(({ code }) => kindOf(code).training))]
  return html`<h2>What followed</h2>
    <ul>
      ${revisions.map(({ number, section }) => html`<li>Revision ${number} of the procedure: ${section}</li>`)}
      ${topics.map((topic) => {
        const { title, roles } = TRAINING_TOPICS[topic]
        return html`<li>Training: ${title} (${roles.join(', ')})</li>`
      })}
    </ul>`
}

const notes = (): Html =>
  html`<h2>Assumptions and notes</h2>
    <ul>
      <li>
        The templates are those of a real synthesis, changed in a copy. The account is one in memory that stands as they
        declare: calls of AWS take longer, and are not measured here.
      </li>
      <li>The second person and the roles that acknowledge are played by the drill.</li>
    </ul>`
