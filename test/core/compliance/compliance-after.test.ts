import {
  complianceAfter,
  complianceSeen,
  type ComplianceSeen,
} from '../../../core/compliance/validation/compliance-after'
import { validateCompliance } from '../../../core/compliance/validation/validate'
import { resolvePolicy } from '../../../policy'

const seen = (changes: Partial<ComplianceSeen> = {}): ComplianceSeen => ({
  at: '2026-11-28T12:00:00.000Z',
  catalogue: 'c',
  validation: 'v',
  decidedByMachine: 3,
  held: ['A', 'B'],
  broken: ['C'],
  ...changes,
})

it.each([
  ['nothing changed', seen(), seen(), 'pass'],
  ['what was broken was mended', seen(), seen({ held: ['A', 'B', 'C'], broken: [] }), 'pass'],
  ['what held is broken', seen(), seen({ held: ['A'], broken: ['B', 'C'] }), 'fail'],
  ['what nobody had seen is broken', seen(), seen({ broken: ['C', 'D'] }), 'fail'],
  ['what held is not seen any more', seen(), seen({ held: ['A'] }), 'inconclusive'],
  ['nobody could validate afterwards', seen(), undefined, 'inconclusive'],
  ['nobody validated before, and something is broken', undefined, seen(), 'inconclusive'],
  ['nobody validated before, and nothing is broken', undefined, seen({ broken: [] }), 'pass'],
  ['another catalogue asked before', seen({ catalogue: 'b' }), seen(), 'inconclusive'],
] as const)('where %s', (_, before, after, verdict) => {
  expect(complianceAfter(before, after).verdict).toBe(verdict)
})

it('names what became worse', () => {
  expect(complianceAfter(seen(), seen({ held: [], broken: ['B', 'C'] }))).toEqual({
    verdict: 'fail',
    newlyBroken: ['B'],
    noLongerSeen: ['A'],
  })
})

it('is small enough for the state of a run, and names the validation by its hash', () => {
  const now = new Date('2026-11-28T12:00:00Z')
  const at = { policy: resolvePolicy('production'), now, stacks: undefined, records: [], chain: 'pass' as const }
  const kept = complianceSeen(validateCompliance(at))
  expect(kept.broken).toContain('BCP-08')
  expect(JSON.stringify(kept).length).toBeLessThan(1024)
  expect(complianceSeen(validateCompliance({ ...at, now: new Date('2026-11-29T12:00:00Z') })).validation).not.toBe(
    kept.validation,
  )
})
