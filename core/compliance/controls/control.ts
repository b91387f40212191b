import type { EvidenceRecord } from '../../evidence/record'
import type { StackTemplate } from '../../posture/assembly'
import type { Policy } from '../../policy'

/** What evidence can show: the synthesized templates, the account, drills and restores, registers kept with the code. */
export type CheckKind = 'template' | 'account' | 'drill' | 'register'

/** Why something does not hold, each reason in a sentence of its own; an empty list where it holds. */
export type Reasons = readonly string[]

/** Read from the templates that would be deployed. */
export interface TemplateCheck {
  readonly by: 'template'
  readonly asks: string
  /** Kinds of stacks that it reads; without every one of them it cannot be judged. @default every stack of every region */
  readonly reads?: readonly string[]
  readonly broken: (stacks: readonly StackTemplate[], policy: Policy) => Reasons
}

/** Read from the newest record of evidence that speaks of it. */
export interface RecordCheck {
  readonly by: 'account' | 'drill'
  readonly asks: string
  /** Older evidence is stale; days. */
  readonly maxAgeDays: number
  readonly isAbout: (record: EvidenceRecord, policy: Policy) => boolean
  /** What the record says nothing about, although it is asked. @default it answers everything */
  readonly silent?: (record: EvidenceRecord) => Reasons
  readonly broken: (record: EvidenceRecord, policy: Policy) => Reasons
}

/** Computed from what is kept with the code, such as the policy. */
export interface RegisterCheck {
  readonly by: 'register'
  readonly asks: string
  readonly broken: (policy: Policy, now: Date) => Reasons
}

/** Nothing of ours can answer it yet, so that the control stays unknown by it. */
export interface OpenCheck {
  readonly by: CheckKind
  readonly asks: string
  readonly unanswered: string
}

export type MachineCheck = TemplateCheck | RecordCheck | RegisterCheck | OpenCheck

/** What a person has to vouch for, since no machine can. */
export interface AskedStatement {
  readonly statement: string
  /** An attestation is valid at most so long; months. `document`: as long as the document says that it names. */
  readonly months: number | 'document'
}

/** One control: it holds when every check of it holds and every statement is attested. */
export interface Control {
  /** Such as `ENC-03`; never given to another control. */
  readonly id: string
  readonly title: { readonly en: string; readonly pt: string }
  /** Where it comes from: law, resolution, standard, or the procedure. */
  readonly norms: readonly string[]
  readonly checks: readonly MachineCheck[]
  readonly statements: readonly AskedStatement[]
}
