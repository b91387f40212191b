import type { DrillResult } from '../measurement'
import type { AttemptList, DrillContext } from './drill-context'
import { count, duration } from './format'
import { html, type Html } from './html'
import { saying, type Language } from './language'
import { orNotMeasured } from './page'
import { translated } from './portuguese'

/** Ids shown on the page; the whole list stands beside the report. */
const IDS_SHOWN = 100

export function differences(result: DrillResult, { lost, ghost, unknown }: DrillContext, language: Language): Html {
  const say = saying(language)
  const artefacts = result.evidence.flatMap((record) => record.artefacts)
  return html`<h2>${say('Lost, ghost and unknown transactions', 'Transações perdidas, fantasmas e sem resposta')}</h2>
    <p class="soft">
      ${say(
        "Counted on the new writer after its recovery had ended, against the clients' own log. An id is client:sequence.",
        'Contadas no novo banco depois do fim da sua recuperação, contra o registro dos próprios clientes. Um id é cliente:sequência.',
      )}
    </p>
    ${attempts(say('Lost: acknowledged and absent', 'Perdidas: confirmadas e ausentes'), lost, language)}
    ${attempts(say('Ghost: refused and present', 'Fantasmas: recusadas e presentes'), ghost, language)}
    ${attempts(
      say(
        'Unknown: sent and never answered; there or not, no promise was broken',
        'Sem resposta: enviadas e nunca respondidas; presentes ou não, nada do prometido foi descumprido',
      ),
      unknown,
      language,
    )}
    ${
      artefacts.length === 0
        ? ''
        : html`<p>
            ${say('Whole lists, beside this report:', 'Listas completas, ao lado deste relatório:')}
            ${artefacts.map(({ path }) => html`<code>${path.slice(path.lastIndexOf('/') + 1)}</code> `)}
          </p>`
    }`
}

function attempts(title: string, { count: total, ids }: AttemptList, language: Language): Html {
  const shown = ids.slice(0, IDS_SHOWN).map(({ client, sequence }) => `${client}:${sequence}`)
  const more = count(total - shown.length, language)
  return html`<p>
    <strong>${title}: ${count(total, language)}</strong>
    ${shown.length > 0 ? html`<br /><code>${shown.join(' ')}</code>` : ''}
    ${total > shown.length ? saying(language)(`and ${more} more`, `e mais ${more}`) : ''}
  </p>`
}

export function steps({ steps: list }: Pick<DrillResult, 'steps'>, language: Language): Html {
  const say = saying(language)
  return html`<h2>${say('Steps of the runbook', 'Etapas do runbook')}</h2>
    <table>
      <thead>
        <tr>
          <th>${say('step', 'etapa')}</th>
          <th>${say('outcome', 'resultado')}</th>
          <th class="number">${say('attempts', 'tentativas')}</th>
          <th class="number">${say('took', 'duração')}</th>
        </tr>
      </thead>
      <tbody>
        ${list.map(
          ({ title, outcome, attempts: tried, seconds }) =>
            html`<tr>
              <td>${translated(title, language)}</td>
              <td>${translated(outcome, language)}</td>
              <td class="number">${tried}</td>
              <td class="number">${orNotMeasured(seconds, duration, language)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

export function projection({ projection: projected }: DrillContext, language: Language): Html {
  const say = saying(language)
  const met = projected.totalSeconds <= projected.targetSeconds
  return html`<h2>${say("The same outage at production's pace", 'A mesma indisponibilidade no ritmo de produção')}</h2>
    <p class="soft">
      ${say(
        "A bound from the policy's own settings, not a forecast: every wait is taken at its longest.",
        'Um limite tirado das definições da própria política, não uma previsão: cada espera vale pelo máximo.',
      )}
    </p>
    <table>
      <thead>
        <tr>
          <th>${say('phase', 'fase')}</th>
          <th>${say('assumption', 'premissa')}</th>
          <th class="number">${say('at most', 'no máximo')}</th>
        </tr>
      </thead>
      <tbody>
        ${projected.items.map(
          ({ name, assumption, seconds }) =>
            html`<tr>
              <td>${translated(name, language)}</td>
              <td>${translated(assumption, language)}</td>
              <td class="number">${duration(seconds, language)}</td>
            </tr>`,
        )}
        <tr class="total">
          <td>${say('total', 'total')}</td>
          <td class="${met ? 'yes' : 'no'}">
            ${met ? say('✓ within the objective of', '✓ dentro do objetivo de') : say('✗ beyond the objective of', '✗ além do objetivo de')}
            ${duration(projected.targetSeconds, language)}
          </td>
          <td class="number">${duration(projected.totalSeconds, language)}</td>
        </tr>
      </tbody>
    </table>`
}

export function oldPrimary({ oldPrimary: tries }: DrillContext, language: Language): Html {
  const say = saying(language)
  const title = say('Writes tried on the old primary', 'Gravações tentadas no primário antigo')
  if (tries.length === 0)
    return html`<h2>${title}</h2>
      <p>
        ${say(
          'None could be tried: the old primary did not come back.',
          'Nenhuma pôde ser tentada: o primário antigo não voltou.',
        )}
      </p>`
  const accepted = tries.filter(({ refused }) => !refused).length
  const [all, some] = [count(tries.length, language), count(accepted, language)]
  return html`<h2>${title}</h2>
    <p>
      ${
        accepted === 0
          ? say(`All ${all} were refused.`, `Todas as ${all} foram recusadas.`)
          : say(`${some} were accepted: two writers existed.`, `${some} foram aceitas: havia dois bancos gravando.`)
      }
    </p>
    <table>
      <thead>
        <tr>
          <th>${say('way', 'caminho')}</th>
          <th>${say('role', 'papel')}</th>
          <th>${say('answer', 'resposta')}</th>
          <th>${say('code', 'código')}</th>
        </tr>
      </thead>
      <tbody>
        ${tries.map(
          ({ way, role, refused, code }) =>
            html`<tr>
              <td>${translated(way, language)}</td>
              <td><code>${role}</code></td>
              ${
                refused
                  ? html`<td class="yes">${say('refused', 'recusada')}</td>`
                  : html`<td class="no">${say('accepted', 'aceita')}</td>`
              }
              <td><code>${code}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

export function notes({ replication, notes: further }: DrillContext, language: Language): Html {
  const say = saying(language)
  const all = [
    say(
      'Detection, lease and name caching run at the local pace of the rehearsal; the projection above uses production’s.',
      'Detecção, concessão e guarda de nomes seguem o ritmo local do ensaio; a projeção acima usa o de produção.',
    ),
    say(
      'A phase begins where the one before it ended; together they last from the fault to the first client served. The outage itself begins at the first write that failed.',
      'Uma fase começa onde a anterior terminou; juntas vão da falha ao primeiro cliente servido. A indisponibilidade em si começa na primeira gravação que falhou.',
    ),
    ...(replication === 'sync'
      ? [
          say(
            'RDS offers synchronous replication only inside a region: between regions the replica is always asynchronous.',
            'O RDS só oferece replicação síncrona dentro de uma região: entre regiões a réplica é sempre assíncrona.',
          ),
        ]
      : []),
    ...further.map((note) => translated(note, language)),
  ]
  return html`<h2>${say('Assumptions and notes', 'Premissas e notas')}</h2>
    <ul>
      ${all.map((note) => html`<li>${note}</li>`)}
    </ul>`
}

export function evidence(
  { evidence: records }: DrillResult,
  { policyHash }: Pick<DrillContext, 'policyHash'>,
  language: Language,
): Html {
  const say = saying(language)
  return html`<h2>${say('Evidence', 'Evidências')}</h2>
    <p class="soft">
      ${say('Verify with', 'Verifique com')} <code>recovery evidence verify</code>. ${say('Policy', 'Política')}
      <code>${policyHash}</code>
    </p>
    <table>
      <thead>
        <tr>
          <th>${say('record', 'registro')}</th>
          <th>${say('region', 'região')}</th>
          <th class="number">${say('number', 'número')}</th>
          <th>hash</th>
        </tr>
      </thead>
      <tbody>
        ${records.map(
          ({ id, region, sequence, hash }) =>
            html`<tr>
              <td class="short"><code>${id}</code></td>
              <td class="short"><code>${region}</code></td>
              <td class="number">${sequence}</td>
              <td><code>${hash}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>`
}
