import type { ComplianceSeen } from '../compliance/validation/compliance-after'

/** Judges every control of the catalogue by the evidence and the templates that can be seen from where it stands. */
export interface Controls {
  /** Changes nothing, and leaves no evidence of its own: whoever asks records what it was asked for. */
  validate(): Promise<ComplianceSeen>
}
