import type { ComplianceSeen } from '../../core/compliance/validation/compliance-after'

/** A validation in which every control that a machine decides holds. */
export const NOTHING_BROKEN: ComplianceSeen = {
  at: '2026-01-01T00:00:00.000Z',
  catalogue: 'c'.repeat(64),
  validation: 'd'.repeat(64),
  decidedByMachine: 2,
  held: ['CFM-01', 'LGPD-01'],
  broken: [],
}
