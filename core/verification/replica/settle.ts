import { saveExamination } from '../../detection/examination'
import type { Finding } from '../../integrity/compare'
import type { PiecesCompared } from '../../integrity/compare-pieces'
import { worst, type Verdict } from '../../integrity/verdict'
import type { Clock } from '../../ports/clock'
import type { ConditionalStore } from '../../ports/conditional-store'
import type { InstanceRef } from '../../ports/database'
import type { EvidenceLog } from '../../ports/evidence-log'

export interface ReplicaComparison {
  /** Name of the run; the same for a repetition of its end. */
  readonly run: string
  readonly startedAt: string
  readonly source: InstanceRef
  readonly replica: InstanceRef
  readonly parts: readonly (PiecesCompared & { readonly compared: number })[]
}

export interface SettlingWorld {
  readonly evidence: EvidenceLog
  /** Where an incident finds what is known of the copies. */
  readonly examinations: ConditionalStore
  readonly clock: Clock
}

export interface SettledComparison {
  readonly verdict: Verdict
  /** Findings that are failures. */
  readonly failures: number
  readonly parts: number
  /** Whether every call read both sides. One that could not is neither the same nor different, and must not pass for a look. */
  readonly whole: boolean
}

const OUTCOMES = { pass: 'succeeded', fail: 'failed', inconclusive: 'inconclusive' } as const

/** So many findings are written down; their number is told of all. */
const WRITTEN = 50

/**
 * What all parts of a comparison came to, once, with evidence. Writes down what an incident has to know of a corruption: whether
 * the source has damaged pages, and whether the replica is proved clean of any.
 */
export async function settleComparison(
  { evidence, examinations, clock }: SettlingWorld,
  comparison: ReplicaComparison,
): Promise<SettledComparison> {
  const { run, startedAt, source, replica, parts } = comparison
  const findings = parts.flatMap((part) => part.findings)
  const damaged = (side: 'source' | 'replica') => [...new Set(parts.flatMap((part) => part.damaged[side]))]
  const failures = findings.filter(({ verdict }) => verdict === 'fail').length
  const compared = parts.reduce((sum, part) => sum + part.compared, 0)
  const verdict = worst(findings.map((finding) => finding.verdict))
  const finishedAt = clock.now().toISOString()
  await saveExamination(examinations, {
    of: 'replica',
    at: startedAt,
    sourceDamaged: damaged('source').length > 0 || findings.some(isOfSource),
    replica,
    verdict: ofReplica(findings),
  })
  await evidence.append({
    key: `replica-comparison/${run}`,
    kind: 'replica-comparison',
    subject: replica.instance,
    startedAt,
    finishedAt,
    outcome: OUTCOMES[verdict],
    measurements: {
      source: { ...source },
      replica: { ...replica },
      parts: compared,
      failures,
      findings: findings.slice(0, WRITTEN).map((finding) => ({ ...finding })),
      damaged: { source: damaged('source'), replica: damaged('replica') },
    },
    artefacts: [],
    controls: ['DATA-INTEGRITY'],
    actor: 'replica-comparison',
  })
  return { verdict, failures, parts: compared, whole: parts.every((part) => part.compared > 0) }
}

/** What is wrong with the source alone says nothing against the replica, which was read whole beside it. */
const isOfSource = ({ code, object, detail }: Finding): boolean =>
  (code === 'CHECKSUM_FAILED' && object.endsWith(' of the source')) ||
  (code === 'TABLE_DAMAGED' && detail?.endsWith(' on the source') === true)

const ofReplica = (findings: readonly Finding[]): Verdict =>
  worst(findings.filter((finding) => !isOfSource(finding)).map(({ verdict }) => verdict))
