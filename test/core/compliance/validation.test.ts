import { register } from '../../../core/compliance/controls/checks'
import type { Control, MachineCheck } from '../../../core/compliance/controls/control'
import type { EvidenceAtHand } from '../../../core/compliance/validation/evidence-at-hand'
import { askedHash, ATTESTED, NOT_APPLICABLE } from '../../../core/compliance/validation/statement'
import { validateCompliance } from '../../../core/compliance/validation/validate'
import { vouch } from '../../../core/compliance/validation/vouch'
import { EvidenceChain } from '../../../core/evidence'
import type { EvidenceRecord } from '../../../core/evidence/record'
import { recordsIn } from '../../../core/evidence/records'
import { MemoryWriteOnceStore } from '../../../adapters/memory/write-once-store'
import { MemoryConditionalStore } from '../../../adapters/memory/conditional-store'
import { resolvePolicy } from '../../../policy'
import { CATALOGUE } from '../../../core/compliance/controls'

const policy = resolvePolicy('production')
const now = new Date('2026-11-28T12:00:00Z')
const DAY_MS = 86_400_000

const holds = register('it is so', () => [])
const isBroken = register('it is so', () => ['it is not'])
const unknown: MachineCheck = { by: 'account', asks: 'it is so', unanswered: 'nobody looks' }

const control = (checks: readonly MachineCheck[], statements: Control['statements'] = []): Control => ({
  id: 'X-1',
  title: { en: 'x', pt: 'x' },
  norms: ['x'],
  checks,
  statements,
})
const SIGNED = { statement: 'it was signed', months: 12 }

function attested(validUntil: string, daysAgo = 1, changes: Partial<EvidenceRecord> = {}): EvidenceRecord {
  const at = new Date(now.getTime() - daysAgo * DAY_MS).toISOString()
  return {
    id: `ev-${daysAgo}`,
    sequence: 0,
    kind: ATTESTED,
    subject: 'X-1',
    environment: 'production',
    region: 'sa-east-1',
    writer: 'operator',
    policyHash: '0'.repeat(64),
    startedAt: at,
    finishedAt: at,
    outcome: 'succeeded',
    measurements: {
      asked: askedHash({ id: 'X-1' }, SIGNED.statement),
      statement: SIGNED.statement,
      role: 'Compliance Officer',
      validUntil,
    },
    artefacts: [],
    controls: [],
    actor: 'person-0',
    previousHash: '0'.repeat(64),
    hash: '0'.repeat(64),
    ...changes,
  }
}

const validate = (one: Control, changes: Partial<EvidenceAtHand> = {}) =>
  validateCompliance({ policy, now, stacks: undefined, records: [], chain: 'pass', ...changes }, [one])
const verdictOf = (one: Control, changes: Partial<EvidenceAtHand> = {}) => validate(one, changes).controls[0]!.verdict

describe('a control', () => {
  it.each([
    ['PASS', [holds]],
    ['FAIL', [holds, isBroken]],
    ['UNKNOWN', [holds, unknown]],
    // What is broken is so, whatever else nobody has looked at.
    ['FAIL', [unknown, isBroken]],
    ['UNKNOWN', []],
  ] as const)('is %s by its worst check', (verdict, checks) => {
    expect(verdictOf(control(checks))).toBe(verdict)
  })

  it('needs the word of a person where it asks for one', () => {
    const asked = control([holds], [SIGNED])
    expect(verdictOf(asked)).toBe('UNKNOWN')
    expect(verdictOf(asked, { records: [attested('2027-01-31')] })).toBe('PASS')
    expect(verdictOf(control([isBroken], [SIGNED]), { records: [attested('2027-01-31')] })).toBe('FAIL')
  })

  it('is expired after the last day in Brasília, and not before', () => {
    const asked = control([holds], [SIGNED])
    const records = [attested('2026-11-28')]
    expect(verdictOf(asked, { records, now: new Date('2026-11-29T02:59:00Z') })).toBe('PASS')
    expect(verdictOf(asked, { records, now: new Date('2026-11-29T03:00:00Z') })).toBe('EXPIRED')
  })

  it('believes no attestation longer than the control allows', () => {
    expect(verdictOf(control([holds], [SIGNED]), { records: [attested('2030-01-01', 400)] })).toBe('EXPIRED')
    const document = { ...SIGNED, months: 'document' as const }
    expect(verdictOf(control([holds], [document]), { records: [attested('2030-01-01', 400)] })).toBe('PASS')
  })

  it('counts only what was attested of these words, by the newest record, in this environment', () => {
    const asked = control([holds], [SIGNED])
    const other = attested('2027-01-31')
    const ofOtherWords = { ...other, measurements: { ...other.measurements, asked: '0'.repeat(64) } }
    expect(verdictOf(asked, { records: [ofOtherWords] })).toBe('UNKNOWN')
    expect(verdictOf(asked, { records: [{ ...other, environment: 'staging' }] })).toBe('UNKNOWN')
    expect(
      verdictOf(asked, { records: [attested('2027-01-31', 2), attested('2027-01-31', 1, { outcome: 'failed' })] }),
    ).toBe('FAIL')
  })

  it('does not apply only while a decision says so', () => {
    const decided = attested('2027-01-31', 1, { kind: NOT_APPLICABLE })
    const measurements = { ...decided.measurements, asked: askedHash({ id: 'X-1' }, NOT_APPLICABLE) }
    const records = [{ ...decided, measurements }]
    expect(validate(control([unknown]), { records })).toMatchObject({
      controls: [{ verdict: 'N/A', notApplicableUntil: '2027-01-31' }],
      score: { controls: 1, applicable: 0 },
    })
    expect(verdictOf(control([unknown]), { records, now: new Date('2027-02-02T00:00:00Z') })).toBe('UNKNOWN')
  })

  it('is proven by no record of evidence that was changed', () => {
    const records = [attested('2027-01-31')]
    expect(verdictOf(control([holds], [SIGNED]), { records, chain: 'fail' })).toBe('UNKNOWN')
  })

  it('is unknown without templates', () => {
    const check: MachineCheck = { by: 'template', asks: 'it is so', broken: () => [] }
    expect(verdictOf(control([check]))).toBe('UNKNOWN')
    expect(verdictOf(control([check]), { stacks: [] })).toBe('PASS')
  })
})

it('scores by the whole catalogue, and by machine and persons apart', () => {
  const catalogue = [
    { ...control([holds]), id: 'X-2' },
    control([holds], [SIGNED]),
    { ...control([isBroken]), id: 'X-3' },
    { ...control([unknown], [SIGNED]), id: 'X-4' },
  ]
  const at = { policy, now, stacks: undefined, chain: 'pass' as const, records: [attested('2027-01-31')] }
  expect(validateCompliance(at, catalogue).score).toEqual({
    controls: 4,
    applicable: 4,
    hold: 2,
    covered: 3,
    decidedByMachine: 3,
    machineVerified: 2,
    attested: 1,
    toBeAttested: 2,
  })
})

describe('the word of a person', () => {
  const world = (role: string) => {
    const store = new MemoryWriteOnceStore()
    const identity = { region: 'sa-east-1', writer: 'operator', environment: 'production', policyHash: '0'.repeat(64) }
    const places = { recovery: new MemoryConditionalStore(), witness: new MemoryConditionalStore() }
    const clock = { now: () => now, monotonicMs: () => 0, sleep: async () => undefined }
    return {
      store,
      policy,
      places,
      evidence: new EvidenceChain(store, identity),
      clock,
      actor: { role, person: 'abcdefabcdef' },
    }
  }
  const document = { name: 'act.pdf', sha256: '1'.repeat(64) }
  const word = { control: 'LGPD-03', statement: 1, validUntil: '2027-06-30', document }

  it('makes a statement hold until its last day', async () => {
    const own = world('Compliance Officer')
    await vouch(own, word)
    const records: EvidenceRecord[] = []
    for await (const record of recordsIn(own.store)) records.push(record)
    const validated = validateCompliance({ policy, now, stacks: undefined, records, chain: 'pass' })
    const judged = validated.controls.find(({ id }) => id === 'LGPD-03')!
    expect(judged.statements).toMatchObject([{ verdict: 'PASS', role: 'Compliance Officer', validUntil: '2027-06-30' }])
    // A word alone makes no control hold that machines have to look at.
    expect(judged.verdict).toBe('FAIL')
    expect(records[0]!.artefacts).toEqual([document])
  })

  it.each([
    ['a control that does not exist', { control: 'LGPD-99' }, 'CONTROL_UNKNOWN'],
    ['a statement that it does not ask for', { statement: 2 }, 'STATEMENT_UNKNOWN'],
    ['a statement of a control that machines decide', { control: 'LGPD-09' }, 'STATEMENT_UNKNOWN'],
    ['a day that is past', { validUntil: '2026-11-27' }, 'ATTESTATION_PAST'],
    ['a day later than allowed', { validUntil: '2027-11-29' }, 'ATTESTATION_TOO_LONG'],
  ])('is refused for %s', async (_, changes, code) => {
    await expect(vouch(world('Compliance Officer'), { ...word, ...changes })).rejects.toMatchObject({ code })
  })

  it('is refused from the role whose work it would vouch for', async () => {
    await expect(vouch(world('DevOps Lead'), word)).rejects.toMatchObject({ code: 'ATTESTS_OWN_WORK' })
  })

  it('no control passes by words alone', () => {
    const all = CATALOGUE.filter(({ checks }) => checks.length === 0)
    expect(all).toEqual([])
  })
})
