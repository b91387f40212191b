import { CATALOGUE, catalogueHash } from '../../../core/compliance/controls'
import type { RecordCheck } from '../../../core/compliance/controls/control'
import { judgeCheck } from '../../../core/compliance/validation/judge-check'
import type { EvidenceRecord } from '../../../core/evidence/record'
import type { StackTemplate } from '../../../core/posture/assembly'
import { resolvePolicy } from '../../../policy'
import { synthesize } from '../../lib/synth'

const policy = resolvePolicy('production')
const now = new Date('2026-11-28T12:00:00Z')
const stacks: StackTemplate[] = synthesize(policy).map(({ name, region, template }) => ({
  stack: name,
  region,
  // As text and back, as an assembly is read from its folder.
  resources: JSON.parse(JSON.stringify(template.Resources)) as StackTemplate['resources'],
}))

const checks = CATALOGUE.flatMap(({ id, checks: own }) => own.map((check) => ({ id, asks: check.asks, check })))
const ofTemplates = checks.flatMap((one) =>
  one.check.by === 'template' && 'broken' in one.check ? [{ ...one, check: one.check }] : [],
)
const ofRecords = checks.flatMap((one) => ('isAbout' in one.check ? [{ ...one, check: one.check }] : []))

describe('the catalogue', () => {
  it('holds every control of each group once', () => {
    const groups = CATALOGUE.map(({ id }) => id.split('-')[0]!)
    expect(Object.fromEntries(groups.map((group) => [group, groups.filter((one) => one === group).length]))).toEqual({
      LGPD: 11,
      ANV: 10,
      CFM: 10,
      ENC: 8,
      AC: 8,
      DC: 5,
      BCP: 11,
      XT: 12,
    })
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length)
  })

  it('asks something of every control, with a title in both languages and a norm', () => {
    for (const { checks: own, title, norms } of CATALOGUE) {
      expect(own.length).toBeGreaterThan(0)
      expect(title.en && title.pt && norms.length > 0).toBeTruthy()
    }
  })

  it('has another hash with a control, a check or a statement less', () => {
    const [first, ...others] = CATALOGUE
    const hashes = [
      catalogueHash(),
      catalogueHash(others),
      catalogueHash([{ ...first!, checks: first!.checks.slice(1) }, ...others]),
      catalogueHash([{ ...first!, statements: [] }, ...others]),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

describe('what is read from the templates', () => {
  it.each(ofTemplates)('$id: $asks: holds in production', ({ check }) => {
    expect(check.broken(stacks, policy)).toEqual([])
  })

  // A server for file transfer is off in production, so that something has to be added to break it.
  const passive = ofTemplates.filter(({ id }) => id === 'ENC-08')
  const active = ofTemplates.filter(({ id }) => id !== 'ENC-08')

  it.each(active)('$id: $asks: is broken where a resource loses its properties', ({ check }) => {
    const breaks = stacks.some(({ stack, resources }) =>
      Object.keys(resources).some((id) => check.broken(without(stack, id), policy).length > 0),
    )
    expect(breaks).toBe(true)
  })

  it.each(active)('$id: $asks: is broken where nothing stands', ({ check }) => {
    expect(check.broken([], policy)).not.toEqual([])
  })

  it.each(passive)('$id: $asks: is broken by a server with passwords', ({ check }) => {
    const [first, ...others] = stacks
    const planted = { Type: 'AWS::Transfer::Server', Properties: { IdentityProviderType: 'AWS_LAMBDA' } }
    const changed = { ...first!, resources: { ...first!.resources, Planted: planted } }
    expect(check.broken([changed, ...others], policy)).not.toEqual([])
  })
})

/** Properties by which a trace knows which resource it speaks of. */
const NAMES = ['BucketName', 'AlarmName', 'Name', 'RoleName', 'BackupVaultName', 'ConfigRuleName', 'KeySpec']

/** The templates with one resource that says nothing any more but its name. */
function without(stack: string, id: string): StackTemplate[] {
  return stacks.map((one) => {
    if (one.stack !== stack) return one
    const named = Object.entries(one.resources[id]!.Properties ?? {}).filter(([property]) => NAMES.includes(property))
    const bare = { ...one.resources[id]!, Properties: Object.fromEntries(named) }
    return { ...one, resources: { ...one.resources, [id]: bare } }
  })
}

const DAY_MS = 86_400_000

/** A record that a check is about, found by trying the kinds and subjects there are. */
function recordFor({ isAbout }: RecordCheck, daysAgo: number, changes: Partial<EvidenceRecord> = {}): EvidenceRecord {
  const kinds = ['drill', 'runbook', 'restore-test', 'access-review', 'compliance-validation']
  const subjects = [
    'database-failure',
    'security-incident',
    'regional-outage',
    'compliance-violation',
    'data-corruption',
    'full-dr',
    'restore-test',
    'point-in-time-recovery',
    'isolate-and-recover',
  ]
  const record: EvidenceRecord = {
    id: 'ev-1',
    sequence: 0,
    kind: '',
    subject: '',
    environment: 'production',
    region: 'sa-east-1',
    writer: 'drill',
    policyHash: '0'.repeat(64),
    startedAt: new Date(now.getTime() - daysAgo * DAY_MS).toISOString(),
    finishedAt: new Date(now.getTime() - daysAgo * DAY_MS).toISOString(),
    outcome: 'succeeded',
    measurements: { rpoSeconds: 1, ROOT_WITHOUT_MFA: 0, USER_WITHOUT_MFA: 0, ROOT_HAS_KEYS: 0 },
    artefacts: [],
    controls: [],
    actor: 'drill',
    previousHash: '0'.repeat(64),
    hash: '0'.repeat(64),
  }
  const found = kinds
    .flatMap((kind) => subjects.map((subject) => ({ ...record, kind, subject, ...changes })))
    .find((one) => isAbout(one))
  if (!found) throw new Error('no kind and subject of these is asked for')
  return found
}

describe('what is read from the evidence', () => {
  const judge = (check: RecordCheck, ...records: EvidenceRecord[]) =>
    judgeCheck(check, { policy, now, stacks: undefined, records, chain: 'pass' }).verdict

  it.each(ofRecords)('$id: $asks', ({ check }) => {
    const ended = recordFor(check, 1)
    expect(judge(check)).toBe('UNKNOWN')
    expect(judge(check, ended)).toBe('PASS')
    expect(judge(check, recordFor(check, check.maxAgeDays + 1))).toBe('STALE')
    for (const outcome of ['failed', 'stopped', 'inconclusive'] as const)
      expect(judge(check, ended, recordFor(check, 0, { outcome }))).toBe('FAIL')
    // A success after it was put right counts again.
    expect(judge(check, recordFor(check, 2, { outcome: 'failed' }), ended)).toBe('PASS')
  })

  it('measured numbers count, not the outcome alone', () => {
    const broken = [
      ['BCP-01', { rpoSeconds: 301 }],
      ['BCP-01', {}],
      ['AC-01', { ROOT_WITHOUT_MFA: 0, USER_WITHOUT_MFA: 1, ROOT_HAS_KEYS: 0 }],
      ['AC-01', { ROOT_WITHOUT_MFA: 0, USER_WITHOUT_MFA: 0 }],
    ] as const
    for (const [id, measurements] of broken) {
      const { check } = ofRecords.find((one) => one.id === id)!
      expect(judge(check, recordFor(check, 0, { measurements }))).toBe('FAIL')
    }
  })
})
