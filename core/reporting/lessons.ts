import type { DrillResult } from '../measurement'
import { html, type Html } from './html'
import { saying, type Language } from './language'

/** Says that the drill is open, and what closes it. Nothing for a result of several drills. */
export function lessons({ lessons: wanted }: Pick<DrillResult, 'lessons'>, language: Language): Html | '' {
  if (!wanted) return ''
  const say = saying(language)
  const { drill, template, dueOn } = wanted
  const file = template.slice(template.lastIndexOf('/') + 1)
  const command = html`<code>recovery drill close ${drill} --lessons ${file}</code>`
  return html`<h2>${say('Lessons learned', 'Lições aprendidas')}</h2>
    <p>
      <strong class="open">${say('Open.', 'Em aberto.')}</strong>
      ${say(
        'This drill counts as closed once its lessons are recorded, by',
        'O exercício só conta como encerrado quando as lições aprendidas forem registradas, até',
      )}
      ${dueOn}: ${say('fill in', 'preencha')} <code>${file}</code>
      ${say('beside this report, then run', 'ao lado deste relatório e execute')} ${command}.
      <code>recovery drill open</code> ${say('tells whether it still is.', 'diz se ainda está em aberto.')}
    </p>`
}
