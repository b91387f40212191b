import { CATALOGUE, catalogueHash } from '../controls'
import type { Control } from '../controls/control'
import type { EvidenceAtHand } from './evidence-at-hand'
import { judgeCheck, type JudgedCheck } from './judge-check'
import { decidedNotApplicable, judgeStatement, type JudgedStatement } from './statement'
import { worst, type Verdict } from './verdict'

/** How one control came out, and by what. */
export interface JudgedControl {
  readonly id: string
  readonly title: Control['title']
  readonly norms: readonly string[]
  /** The worst of machine and persons. */
  readonly verdict: Verdict
  /** The worst of its checks. */
  readonly machine: Verdict
  readonly checks: readonly JudgedCheck[]
  readonly statements: readonly JudgedStatement[]
  /** Until when it was decided that it does not apply. */
  readonly notApplicableUntil?: string
}

export interface Validation {
  readonly environment: string
  readonly at: string
  readonly catalogue: string
  readonly evidence: EvidenceAtHand['chain']
  readonly controls: readonly JudgedControl[]
  readonly score: Score
}

/** Of all controls but those that do not apply; `catalogue` pins how many those are. */
export interface Score {
  readonly controls: number
  readonly applicable: number
  /** Controls that hold valid evidence of everything they ask. */
  readonly hold: number
  /** Controls with a verdict of any kind: somebody looked. */
  readonly covered: number
  /** Controls of which a machine decided everything that a machine can. */
  readonly decidedByMachine: number
  /** Controls all of whose checks by machine passed. */
  readonly machineVerified: number
  /** Controls that persons have to vouch for, and have. */
  readonly attested: number
  /** Controls that persons have to vouch for. */
  readonly toBeAttested: number
}

/**
 * Judges every control of the catalogue by the evidence at hand. A pure function: it can run wherever the evidence is, in the
 * recovery region while the primary one is dark. Grows with controls x records.
 */
export function validateCompliance(at: EvidenceAtHand, catalogue: readonly Control[] = CATALOGUE): Validation {
  const own = { ...at, records: at.records.filter(({ environment }) => environment === at.policy.environment) }
  const controls = catalogue.map((control) => judgeControl(control, own))
  return {
    environment: at.policy.environment,
    at: at.now.toISOString(),
    catalogue: catalogueHash(catalogue),
    evidence: at.chain,
    controls,
    score: scoreOf(controls),
  }
}

function judgeControl(control: Control, at: EvidenceAtHand): JudgedControl {
  const { id, title, norms } = control
  const checks = control.checks.map((check) => judgeCheck(check, at))
  const statements = control.statements.map((statement) => judgeStatement(control, statement, at))
  const machine = worst(checks.map(({ verdict }) => verdict))
  const decided = decidedNotApplicable(control, at)
  const verdict = decided ? 'N/A' : worst([machine, ...statements.map((one) => one.verdict)])
  return {
    id,
    title,
    norms,
    verdict,
    machine,
    checks,
    statements,
    ...(decided?.validUntil !== undefined && { notApplicableUntil: decided.validUntil }),
  }
}

function scoreOf(controls: readonly JudgedControl[]): Score {
  const applicable = controls.filter(({ verdict }) => verdict !== 'N/A')
  const asked = applicable.filter(({ statements }) => statements.length > 0)
  const count = (of: readonly JudgedControl[], holds: (control: JudgedControl) => boolean) => of.filter(holds).length
  return {
    controls: controls.length,
    applicable: applicable.length,
    hold: count(applicable, ({ verdict }) => verdict === 'PASS'),
    covered: count(applicable, ({ verdict }) => verdict !== 'UNKNOWN'),
    decidedByMachine: count(applicable, ({ machine }) => machine !== 'UNKNOWN'),
    machineVerified: count(applicable, ({ machine }) => machine === 'PASS'),
    attested: count(asked, ({ statements }) => statements.every(({ verdict }) => verdict === 'PASS')),
    toBeAttested: asked.length,
  }
}
