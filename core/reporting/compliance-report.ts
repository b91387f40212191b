import {
  EXPOSURES,
  kindOf,
  TRAINING_TOPICS,
  type Exposure,
  type FindingCode,
  type TrainingTopic,
} from '../compliance/finding-kinds'
import type { DrillResult } from '../measurement'
import { evidence, steps } from './drill-sections'
import { count, duration, instant } from './format'
import { html, type Html } from './html'
import { incident, type AnsweredIncident } from './incident'
import { saying, type Language } from './language'
import { lessons } from './lessons'
import { objectives, orNotMeasured, page, verdictWith } from './page'
import { translated } from './portuguese'

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
  /** What the alarm led to before anything was remedied. @default nothing was found, so that nothing rang */
  readonly incident?: AnsweredIncident
}

/** The report of a compliance violation as one HTML page. */
export const complianceReport = (result: DrillResult, context: ComplianceContext): string =>
  page(result, (language) => {
    const say = saying(language)
    const { detectSeconds, validatedSeconds = null } = result.measurements
    const remedied = context.violations.filter((one) => one.remedied).length
    return html`<h1>
        ${say('Drill', 'Simulação')}: ${say(result.drill.replaceAll('-', ' '), translated(result.drill, 'pt-BR'))}
      </h1>
      <p class="soft">
        ${instant(context.startedAt)} · <code>${context.environment}</code> · ${count(context.lookedAt, language)}
        ${say('things of the account looked at', 'itens da conta examinados')}
      </p>
      ${verdictWith(
        result,
        [
          [say('planting to detection', 'da violação à detecção'), orNotMeasured(detectSeconds, duration, language)],
          [
            say('planting to validation', 'da violação à validação'),
            orNotMeasured(validatedSeconds, duration, language),
          ],
          [say('violations planted', 'violações plantadas'), count(context.violations.length, language)],
          [say('violations remedied', 'violações corrigidas'), count(remedied, language)],
        ],
        language,
      )}
      ${objectives(result.objectives, language)} ${violations(context, language)}
      ${context.incident ? incident(context.incident, language) : ''} ${followed(context, language)}
      ${steps(result, language)} ${lessons(result, language)} ${notes(language)} ${evidence(result, context, language)}`
  })

function violations({ violations: planted }: ComplianceContext, language: Language): Html {
  const say = saying(language)
  return html`<h2>${say('What was planted, and what became of it', 'O que foi plantado, e o que foi feito disso')}</h2>
    <table>
      <thead>
        <tr>
          <th>${say('finding', 'achado')}</th>
          <th>${say('in', 'em')}</th>
          <th>${say('named by the posture', 'nomeado pela postura')}</th>
          <th>${say('found in the account', 'encontrado na conta')}</th>
          <th>${say('remedied', 'corrigido')}</th>
          <th>${say('requirements', 'requisitos')}</th>
        </tr>
      </thead>
      <tbody>
        ${planted.map(({ code, resource, namedByPosture, found, remedied }) => {
          const { title, titulo, exposure, requirements } = kindOf(code)
          return html`<tr>
            <td>
              <code>${code}</code><br />${say(title, titulo)}<br /><span class="soft"
                >${say(EXPOSURES[exposure], EXPOSURES_PT[exposure])}</span
              >
            </td>
            <td><code>${resource}</code></td>
            ${answer(namedByPosture, language)} ${answer(found, language)} ${answer(remedied, language)}
            <td><code>${requirements.join(', ')}</code></td>
          </tr>`
        })}
      </tbody>
    </table>`
}

const answer = (yes: boolean, language: Language): Html =>
  yes
    ? html`<td class="yes">✓ ${saying(language)('yes', 'sim')}</td>`
    : html`<td class="no">✗ ${saying(language)('no', 'não')}</td>`

function followed({ violations: planted, revisions }: ComplianceContext, language: Language): Html {
  const say = saying(language)
  const topics = [...new Set(planted.map(({ code }) => kindOf(code).training))]
  return html`<h2>${say('What followed', 'O que se seguiu')}</h2>
    <ul>
      ${revisions.map(
        ({ number, section }) =>
          html`<li>
            ${say(`Revision ${number} of the procedure`, `Revisão ${number} do procedimento`)}: <code>${section}</code>
          </li>`,
      )}
      ${topics.map((topic) => {
        const { title, roles } = TRAINING_TOPICS[topic]
        return html`<li>
          ${say('Training', 'Treinamento')}: ${say(title, TOPICS_PT[topic])} (<code>${roles.join(', ')}</code>)
        </li>`
      })}
    </ul>`
}

function notes(language: Language): Html {
  const say = saying(language)
  return html`<h2>${say('Assumptions and notes', 'Premissas e notas')}</h2>
    <ul>
      <li>
        ${say(
          'The templates are those of a real synthesis, changed in a copy. The account is one in memory that stands as they declare: calls of AWS take longer, and are not measured here.',
          'Os modelos são os de uma síntese real, alterados em uma cópia. A conta é uma em memória, como eles declaram: chamadas da AWS demoram mais e não são medidas aqui.',
        )}
      </li>
      <li>
        ${say(
          'The second person and the roles that acknowledge are played by the drill.',
          'A segunda pessoa e os papéis que confirmam são representados pela simulação.',
        )}
      </li>
    </ul>`
}

const EXPOSURES_PT = {
  disclosure: 'quem não deve pode ler dados de pacientes',
  destruction: 'quem não deve pode destruir dados ou as suas cópias',
  blindness: 'ninguém notaria quem faz um ou outro',
  erosion: 'a proteção se esgota com o tempo',
} as const satisfies Readonly<Record<Exposure, string>>

const TOPICS_PT = {
  'public-access': 'nenhum bucket é público, nunca',
  'keys-of-copies': 'uma cópia de dados é cifrada com a nossa própria chave',
  'locks-and-deletion': 'bloqueios e proteção contra exclusão ficam ligados',
  retention: 'por quanto tempo backups, arquivos e registros são guardados',
  'audit-trail': 'a trilha de chamadas nunca é parada',
} as const satisfies Readonly<Record<TrainingTopic, string>>
