import type { Language } from './language'
import { OBJECTIVES_PT } from './portuguese-objectives'
import { STEPS_PT } from './portuguese-steps'

/** What is computed elsewhere and only shown here: states, phases, faults, ways and words of charts. */
const WORDS_PT: Readonly<Record<string, string>> = {
  pass: 'aprovado',
  fail: 'reprovado',
  inconclusive: 'inconclusivo',
  'not measured': 'não medido',
  none: 'nenhum',
  done: 'concluída',
  failed: 'falhou',
  skipped: 'pulada',
  pending: 'pendente',
  running: 'em andamento',
  stopped: 'parada',
  undone: 'desfeita',
  'awaiting-approval': 'aguarda aprovação',
  declined: 'recusada',
  succeeded: 'concluído',
  revoked: 'revogado',
  open: 'aberto',
  listed: 'listado',
  intact: 'íntegra',
  changed: 'alterada',
  follows: 'segue',
  'was promoted': 'foi promovida',
  reached: 'atingido',
  refused: 'recusada',
  accepted: 'aceita',
  unanswered: 'sem resposta',
  detect: 'detecção',
  fence: 'isolamento',
  promote: 'promoção',
  switch: 'troca de tráfego',
  reconnect: 'reconexão',
  validate: 'validação',
  application: 'aplicação',
  'fail over': 'comutação',
  decide: 'decisão',
  restore: 'restauração',
  total: 'total',
  host: 'perda da máquina',
  process: 'morte do processo',
  hang: 'travamento',
  partition: 'partição da rede',
  'stolen credentials': 'credenciais roubadas',
  'page corruption': 'corrupção de página',
  'application corruption': 'corrupção pela aplicação',
  'resumed-session': 'sessão retomada',
  'cached-address': 'endereço guardado',
  'direct-endpoint': 'endereço direto',
  'restarted-server': 'servidor reiniciado',
  'resumed session': 'sessão retomada',
  'cached address': 'endereço guardado',
  'direct endpoint': 'endereço direto',
  'restarted server': 'servidor reiniciado',
  'database-failure': 'falha do banco de dados',
  'regional-outage': 'indisponibilidade regional',
  'data-corruption': 'corrupção de dados',
  'security-incident': 'incidente de segurança',
  'compliance-violation': 'violação de conformidade',
  'deployment-failure': 'falha de implantação',
  'data-center-outage': 'indisponibilidade do centro de dados',
  'full-dr': 'recuperação completa de desastres',
  'clients unserved': 'clientes sem serviço',
  'seconds from the fault': 'segundos desde a falha',
  'writes per second': 'gravações por segundo',
  'milliseconds, logarithmic': 'milissegundos, logarítmico',
  acknowledged: 'confirmadas',
  'refused or unknown': 'recusadas ou sem resposta',
  median: 'mediana',
  '99th percentile': 'percentil 99',
  fault: 'falha',
  critical: 'crítica',
  high: 'alta',
  medium: 'média',
  low: 'baixa',
  yes: 'sim',
  no: 'não',
  full: 'completa',
  partial: 'parcial',
  'config-only': 'só de configurações',
  'bad release': 'versão ruim',
  'get well': 'voltar a servir',
  'one kept out': 'um impedido',
}

/** Sentences with numbers in them; what the parentheses catch is put in again. */
const SENTENCES_PT: readonly (readonly [RegExp, string])[] = [
  [
    /^(\d+) looks, one a minute, find the region down, each by (\d+) probes ([\d.]+) s apart that fail in a row, the last after its ([\d.]+) s, and by a replica that has heard nothing for ([\d.]+) s; a minute each for the schedule and for CloudWatch$/,
    '$1 verificações, uma por minuto, encontram a região fora do ar, cada uma por $2 sondas com $3 s de intervalo que falham em seguida, a última depois dos seus $4 s, e por uma réplica que nada ouviu por $5 s; um minuto para o agendamento e um para o CloudWatch',
  ],
  [
    /^the old primary does not answer for ([\d.]+) s; its whole lease of ([\d.]+) s and the margin of ([\d.]+) s are waited out$/,
    'o primário antigo não responde por $1 s; espera-se toda a sua concessão de $2 s e a margem de $3 s',
  ],
  [
    /^RDS names no upper bound \("several minutes or longer"\), so the timeout of the step is taken$/,
    'o RDS não dá limite superior ("vários minutos ou mais"), por isso vale o tempo-limite da etapa',
  ],
  [
    /^RDS names 60 to 120 s as typical and no upper bound \(RDS user guide, Multi-AZ instance\), so the timeout of the step is taken$/,
    'o RDS dá 60 a 120 s como típico e nenhum limite superior (guia do RDS, instância Multi-AZ), por isso vale o tempo-limite da etapa',
  ],
  [
    /^clients remember the served name for ([\d.]+) s; the runbook looks every ([\d.]+) s$/,
    'os clientes guardam o nome servido por $1 s; o runbook verifica a cada $2 s',
  ],
  [
    /^clients remember an address for ([\d.]+) s at most; the runbook looks every ([\d.]+) s$/,
    'os clientes guardam um endereço por no máximo $1 s; o runbook verifica a cada $2 s',
  ],
  [/^clients remember the name for ([\d.]+) s at most$/, 'os clientes guardam o nome por no máximo $1 s'],
  [
    /^production holds more data than a rehearsal, so the timeout of the step is taken$/,
    'a produção guarda mais dados que um ensaio, por isso vale o tempo-limite da etapa',
  ],
  [
    /^the application is well at the very end of the time that the policy gives it$/,
    'a aplicação só está saudável no fim do tempo que a política lhe dá',
  ],
  [/^as measured here, clients with the same recipe$/, 'como medido aqui, com clientes que seguem a mesma receita'],
  [
    /^a second person answers at the very end of the time that the policy gives$/,
    'uma segunda pessoa responde no fim do tempo que a política dá',
  ],
  [
    /^the old database does not answer, and its lease has just been renewed$/,
    'o banco antigo não responde, e a sua concessão acaba de ser renovada',
  ],
  [
    /^the log is shipped every ([\d.]+) s; ([\d.]+) GB at ([\d.]+) GB an hour$/,
    'o log é enviado a cada $1 s; $2 GB a $3 GB por hora',
  ],
  [
    /^the validation takes all the time that the policy gives it$/,
    'a validação leva todo o tempo que a política lhe dá',
  ],
  [
    /^Clients stay in the old region: once traffic has moved, their writes cross a simulated distance of ([\d.]+) ms there and back, as do replication and the copies of settings and assets\. (.*)$/,
    'Os clientes ficam na região antiga: depois da troca de tráfego, as suas gravações cruzam uma distância simulada de $1 ms de ida e volta, assim como a replicação e as cópias de configurações e arquivos. $2',
  ],
  [/^Where that number is from: (.*)\.$/, 'Origem desse número, em inglês: $1.'],
  [/^That number was given with the drill\.$/, 'Esse número foi dado com a simulação.'],
  [
    /^Health checks, fencing and coordination cross no distance here: .*$/,
    'Verificações de saúde, isolamento e coordenação não cruzam distância aqui: no ritmo do ensaio os seus prazos são mais curtos que em produção por muito mais do que a distância levaria.',
  ],
  [
    /^A setting waits for ([\d.]+) s and an asset for ([\d.]+) s before it is copied, a fraction of what their mechanisms may take in production\. .*$/,
    'Uma configuração espera $1 s e um arquivo $2 s antes de ser copiado, uma fração do que os seus mecanismos podem levar em produção. O RPO de ambos é o que foi confirmado antes da falha e não é servido pela região de recuperação depois dela, nesse ritmo.',
  ],
  [
    /^The RPO of critical data is that of the invoices written through the API, .*$/,
    'O RPO dos dados críticos é o das faturas gravadas pela API; o dos dados de pacientes, o dos prontuários gravados pelos clientes do banco.',
  ],
  [/^failing requests noticed before a ([\w-]+) rollback$/, 'falhas notadas antes de uma reversão $1'],
  [
    /^downtime of clients since a ([\w-]+) rollback was applied$/,
    'indisponibilidade dos clientes desde o início de uma reversão $1',
  ],
  [/^([\w-]+) rollback at production's pace$/, 'reversão $1 no ritmo de produção'],
  [/^([\w-]+) rollback$/, 'reversão $1'],
  [
    /^a component of kind ([\w-]+) is put back in ([\d.]+) s, as the policy assumes until it is measured in an account$/,
    'um componente do tipo $1 volta em $2 s, como a política supõe até que se meça numa conta',
  ],
  [
    /^one of them serves at the very end of the ([\d.]+) s that the policy gives it$/,
    'um deles só serve no fim dos $1 s que a política lhe dá',
  ],
  [
    /^A release that fails now and then serves in between: .*$/,
    'Uma versão que falha às vezes serve entre as falhas: a sua indisponibilidade vai da primeira tentativa que falhou à primeira confirmada depois da última falha.',
  ],
  [
    /^The version before stays warm beside the one that is live, .*$/,
    'A versão anterior fica pronta ao lado da que está em vigor, como atrás de um alias ou de uma reversão instantânea; os tempos locais não conhecem partida a frio.',
  ],
  [
    /^The objectives in seconds are of the rehearsal; the procedure allows 15, 5 and 2 minutes in production\.$/,
    'Os objetivos em segundos são do ensaio; o procedimento permite 15, 5 e 2 minutos em produção.',
  ],
  [/^Wait: (.*)$/, 'Esperar: $1'],
  [/^After: (.*)$/, 'Depois: $1'],
  [/^Undo: (.*)$/, 'Desfazer: $1'],
  [/^Drill: (.*)$/, 'Simulação: $1'],
  [/^at least (\d+) acknowledged writes a second$/, 'ao menos $1 gravações confirmadas por segundo'],
  [/^(\d+) a second$/, '$1 por segundo'],
]

/** In Portuguese, or undefined for what nobody has translated: a name, an id, a number, or a gap that a test finds. */
export function inPortuguese(text: string): string | undefined {
  const known = WORDS_PT[text] ?? OBJECTIVES_PT[text] ?? STEPS_PT[text]
  if (known !== undefined) return known
  const sentence = SENTENCES_PT.find(([pattern]) => pattern.test(text))
  if (!sentence) return undefined
  const [pattern, wanted] = sentence
  // What a sentence holds may itself have to be translated, such as the step that is waited for.
  return text.replace(pattern, (_, ...caught: unknown[]) =>
    wanted.replaceAll(/\$(\d)/g, (__, at: string) => {
      const held = caught[Number(at) - 1]
      return typeof held === 'string' ? (inPortuguese(held) ?? held) : ''
    }),
  )
}

/** A text that comes from elsewhere, for its reader. */
export const translated = (text: string, language: Language): string =>
  language === 'en' ? text : (inPortuguese(text) ?? text)

/** A drawn chart with its words in Portuguese. */
export const chartFor = (svg: string, language: Language): string =>
  language === 'en' ? svg : svg.replaceAll(/>([^<>]+)</g, (_, text: string) => `>${WORDS_PT[text] ?? text}<`)
