import type { RollbackResult } from '../release/rollback-result'
import { steps } from './drill-sections'
import { count, duration, instant } from './format'
import { html, type Html } from './html'
import { saying, type Language, type Say } from './language'
import { objectives, orNotMeasured, page, verdictWith } from './page'

/** The report of a rollback as one HTML page. The reason in words is not in it: that stands in the incident alone. */
export const rollbackReport = (result: RollbackResult): string =>
  page({ drill: `rollback ${result.run}`, verdict: result.verdict }, (language) => {
    const say = saying(language)
    const { environment, type, startedAt, seconds, budgetSeconds, changes, run, incident, evidence } = result
    return html`<h1>${say('Rollback', 'Reversão')}: ${type}, <code>${environment}</code></h1>
      <p class="soft">
        ${instant(startedAt)} · ${say('run', 'execução')} <code>${run}</code> · ${say('incident', 'incidente')}
        <code>${incident}</code>
      </p>
      ${verdictWith(
        result,
        [
          [say('until everything served', 'até tudo servir'), orNotMeasured(seconds, duration, language)],
          [say('budget', 'limite'), duration(budgetSeconds, language)],
          [say('components put back', 'componentes revertidos'), count(changes.length, language)],
          [
            say('rows set aside', 'linhas guardadas à parte'),
            orNotMeasured(result.setAside && result.setAside.rows, count, language),
          ],
        ],
        language,
      )}
      ${objectives(result.objectives, language)} ${versions(result, language)} ${aside(result, language)}
      ${steps(result, language)} ${goOn(result, language)}
      ${
        evidence
          ? html`<h2>${say('Evidence', 'Evidência')}</h2>
              <p>
                ${say('Record', 'Registro')} ${evidence.sequence}, <code>${evidence.id}</code>,
                <code>${evidence.hash}</code>
              </p>`
          : ''
      }`
  })

function versions({ changes, releases }: RollbackResult, language: Language): Html {
  const say = saying(language)
  const none = say('none', 'nenhuma')
  return html`<h2>${say('What was put back', 'O que foi revertido')}</h2>
    <p class="soft">
      ${say('From release', 'Da versão')} ${releases.from ?? none} ${say('to release', 'para a versão')}
      ${releases.to ?? none}, ${say('recorded as release', 'registrada como versão')} ${releases.recorded ?? none}.
    </p>
    <table>
      <thead>
        <tr>
          <th>${say('component', 'componente')}</th>
          <th>${say('from', 'de')}</th>
          <th>${say('to', 'para')}</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(
          ({ name, from, to }) =>
            html`<tr>
              <td><code>${name}</code></td>
              <td><code>${from ?? '-'}</code></td>
              <td><code>${to}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

function aside({ setAside }: RollbackResult, language: Language): Html {
  const say = saying(language)
  return html`<h2>
      ${say('Data that the older version has no place for', 'Dados para os quais a versão anterior não tem lugar')}
    </h2>
    ${setAside === null ? unlisted(language) : setAside.rows === 0 ? none(language) : tables(setAside, language)}`
}

const none = (language: Language): Html =>
  html`<p>${saying(language)('None was set aside.', 'Nada foi guardado à parte.')}</p>`

const unlisted = (language: Language): Html =>
  html`<p>
    ${saying(language)(
      'Nobody has listed it. Ask each migration that was taken back what it set aside, and give that to the owners of the data.',
      'Ninguém o listou. Pergunte a cada migração revertida o que ela guardou à parte e entregue isso aos donos dos dados.',
    )}
  </p>`

function tables({ tables: named, more }: NonNullable<RollbackResult['setAside']>, language: Language): Html {
  const say = saying(language)
  return html`<ul>
    ${named.map(
      ({ table, rows, how, where }) =>
        html`<li>
          ${count(rows, language)} ${say('rows of', 'linhas de')} <code>${table}</code>
          ${how === 'kept' ? say('are kept in', 'estão guardadas em') : say('are listed in', 'estão listadas em')}
          <code>${where}</code>
        </li>`,
    )}
    ${
      more > 0
        ? html`<li>
            ${say(
              `${more} more tables, which each migration that was taken back names`,
              `mais ${more} tabelas, que cada migração revertida nomeia`,
            )}
          </li>`
        : ''
    }
  </ul>`
}

function goOn({ stoppedBy, left, continuation }: RollbackResult, language: Language): Html | '' {
  if (!stoppedBy) return ''
  const say = saying(language)
  return html`<h2>${say('How to go on', 'Como continuar')}</h2>
    <p>
      ${say('Stopped by', 'Interrompida por')} <code>${stoppedBy.code}</code> ${say('in step', 'na etapa')}
      <code>${stoppedBy.step}</code>. ${left ? leftAs(left, say) : ''}
    </p>
    <ol>
      ${(continuation?.byHand ?? []).map(
        ({ step, doThis }) => html`<li><code>${step}</code>: <span lang="en">${doThis}</span></li>`,
      )}
    </ol>`
}

type Left = NonNullable<RollbackResult['left']>

function leftAs({ stands, components }: Left, say: Say): Html {
  const names = components.join(', ')
  switch (stands) {
    case 'as-before':
      return html`${say('This run has left nothing changed.', 'Esta execução não deixou nada alterado.')}`
    case 'half-done':
      return html`${say('Half done; perhaps not in force as before:', 'Feita pela metade; talvez não em vigor como antes:')}
        <code>${names}</code>.`
    case 'put-back':
      return html`${say('Put back:', 'Revertidos:')} <code>${names}</code>.`
  }
}
