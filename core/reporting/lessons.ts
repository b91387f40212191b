import type { DrillResult } from '../measurement'
import { html, type Html } from './html'

/** Says that the drill is open, and what closes it. Nothing for a result of several drills. */
export function lessons({ lessons: wanted }: Pick<DrillResult, 'lessons'>): Html | '' {
  if (!wanted) return ''
  const { drill, template, dueOn } = wanted
  const file = template.slice(template.lastIndexOf('/') + 1)
  const command = html`<code>recovery drill close ${drill} --lessons ${file}</code>`
  return html`<h2>Lessons learned</h2>
    <p>
      <strong class="open">Open.</strong> This drill counts as closed once its lessons are recorded, by ${dueOn}: fill
      in <code>${file}</code> beside this report, then run ${command}. <code>recovery drill open</code> tells whether it
      still is.
    </p>
    <section lang="pt-BR">
      <p>
        <strong class="open">Em aberto.</strong> O exercício só conta como encerrado quando as lições aprendidas forem
        registradas, até ${dueOn}: preencha <code>${file}</code>, ao lado deste relatório, e execute ${command}.
      </p>
    </section>`
}
