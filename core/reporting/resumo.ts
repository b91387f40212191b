import type { DrillResult, WorkloadMeasurement } from '../measurement'
import type { DrillContext } from './drill-context'
import { count, duration, latency } from './format'
import { html, type Html } from './html'

export const VEREDITOS = { pass: 'aprovado', fail: 'reprovado', inconclusive: 'inconclusivo' } as const

export const ou = (value: number | null, show: (value: number, locale: 'pt-BR') => string): string =>
  value === null ? 'não medido' : show(value, 'pt-BR')

const tempo = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? 'não medido' : latency(milliseconds, 'pt-BR')

/** The summary for readers in Brazil. */
export function resumo(
  result: DrillResult,
  { phases: { before, after } }: Pick<WorkloadMeasurement, 'phases'>,
  { from, to, replication, projection }: DrillContext,
): Html {
  const { outageSeconds, rpoSeconds, acknowledged, lost, ghost, unknown } = result.measurements
  const cumpridos = result.objectives.filter(({ met }) => met).length
  return html`<section lang="pt-BR">
    <h2>Resumo em português</h2>
    <p>
      Simulação de recuperação de ${from} para ${to}, com replicação
      ${replication === 'sync' ? 'síncrona' : 'assíncrona'}. Resultado: <strong>${VEREDITOS[result.verdict]}</strong>;
      ${cumpridos} de ${result.objectives.length} objetivos cumpridos.
    </p>
    <ul>
      <li>Indisponibilidade observada pelos clientes: ${ou(outageSeconds, duration)}.</li>
      <li>
        Perda de dados (RPO): ${ou(rpoSeconds, duration)}; transações perdidas: ${ou(lost, count)} de
        ${ou(acknowledged, count)} confirmadas.
      </li>
      <li>Recusadas, mas presentes: ${ou(ghost, count)}. Sem resposta: ${ou(unknown, count)}.</li>
      <li>
        Tempo de resposta (mediana e percentil 99): antes ${tempo(before.p50Ms)} e ${tempo(before.p99Ms)}; depois
        ${tempo(after.p50Ms)} e ${tempo(after.p99Ms)}.
      </li>
      <li>
        No ritmo de produção, a mesma indisponibilidade duraria no máximo ${duration(projection.totalSeconds, 'pt-BR')}
        (objetivo: ${duration(projection.targetSeconds, 'pt-BR')}).
      </li>
    </ul>
  </section>`
}
