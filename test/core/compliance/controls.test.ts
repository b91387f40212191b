import { CATALOGUE, catalogueHash } from '../../../core/compliance/controls'
import type { RecordCheck } from '../../../core/compliance/controls/control'
import type { EvidenceAtHand } from '../../../core/compliance/validation/evidence-at-hand'
import { judgeCheck } from '../../../core/compliance/validation/judge-check'
import { validateCompliance } from '../../../core/compliance/validation/validate'
import type { Verdict } from '../../../core/compliance/validation/verdict'
import type { EvidenceRecord } from '../../../core/evidence/record'
import type { StackTemplate } from '../../../core/posture/assembly'
import { resolvePolicy } from '../../../policy'
import { synthesize } from '../../lib/synth'
import pinned from '../../baselines/controls.json'
import { mended, PLANTED, plantEach } from './planted-violations'
import { wholeEvidence } from './whole-evidence'

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

  it('is the one whose hash is pinned: what is asked is changed by a commit that says so, never by the way', () => {
    expect({ controls: CATALOGUE.length, catalogue: catalogueHash() }).toEqual(pinned)
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
const evidence = wholeEvidence(policy, now)

describe('what is read from the evidence', () => {
  const judge = (check: RecordCheck, ...records: EvidenceRecord[]) =>
    judgeCheck(check, { policy, now, stacks: undefined, records, chain: 'pass' }).verdict
  const aged = (record: EvidenceRecord, days: number): EvidenceRecord => ({
    ...record,
    finishedAt: new Date(now.getTime() - days * DAY_MS).toISOString(),
  })

  it.each(ofRecords)('$id: $asks', ({ check }) => {
    const ended = evidence.find((one) => check.isAbout(one, policy))
    if (!ended) throw new Error('no drill, verification or review leaves what is asked for')
    expect(judge(check)).toBe('UNKNOWN')
    expect(judge(check, ended)).toBe('PASS')
    expect(judge(check, aged(ended, check.maxAgeDays + 1))).toBe('STALE')
    const changed = broken(ended)
    expect(changed.map((record) => judge(check, ended, aged(record, 0)))).toContain('FAIL')
    // A success after it was put right counts again.
    for (const record of changed) expect(judge(check, aged(record, 2), ended)).toBe('PASS')
  })

  /** The record of something that did not end well, in each of the ways in which records say so. */
  const broken = (record: EvidenceRecord): EvidenceRecord[] => {
    const { objectives, checks: looked } = record.measurements as Readonly<Record<string, Record<string, object>>>
    const missed = { target: 0, measured: 1, met: false }
    return [
      { ...record, outcome: 'failed' },
      { ...record, outcome: 'inconclusive' },
      { ...record, measurements: {} },
      ...Object.keys(objectives ?? {}).map((name) => ({
        ...record,
        measurements: {
          ...record.measurements,
          objectives: { ...objectives, [name]: missed },
        } as EvidenceRecord['measurements'],
      })),
      ...Object.keys(looked ?? {}).map((name) => ({
        ...record,
        measurements: {
          ...record.measurements,
          checks: { ...looked, [name]: 'fail' },
        } as EvidenceRecord['measurements'],
      })),
    ]
  }

  it('an objective that was not measured says nothing, whatever the drill came to', () => {
    const { check } = ofRecords.find(({ id }) => id === 'ENC-06')!
    const [drill] = evidence.filter((one) => check.isAbout(one, policy))
    const unmeasured = (measured: string) => {
      const objectives = Object.fromEntries(
        Object.entries(drill!.measurements['objectives'] as object).map(([name]) => [
          name,
          { target: 0, measured, met: false },
        ]),
      )
      return { ...drill!, measurements: { objectives } }
    }
    expect(judge(check, unmeasured('not measured'))).toBe('UNKNOWN')
    expect(judge(check, unmeasured('inconclusive'))).toBe('UNKNOWN')
    expect(judge(check, { ...drill!, measurements: {} })).toBe('UNKNOWN')
    // A drill that missed something else proves what it met.
    expect(judge(check, { ...drill!, outcome: 'failed' })).toBe('PASS')
  })

  it('a daily check that could not look, or that the region has nothing for, says nothing', () => {
    const { check } = ofRecords.find(({ id }) => id === 'ENC-02')!
    const record = evidence.find((one) => check.isAbout(one, policy))!
    expect(judge(check, { ...record, measurements: { checks: {} } })).toBe('UNKNOWN')
    expect(judge(check, { ...record, measurements: { checks: { 'environment-backup': 'inconclusive' } } })).toBe(
      'UNKNOWN',
    )
  })

  it('measured numbers count, not the outcome alone', () => {
    const { check } = ofRecords.find(({ id, check: one }) => id === 'AC-01' && one.by === 'account')!
    const record = evidence.find((one) => check.isAbout(one, policy))!
    const counted: readonly EvidenceRecord['measurements'][] = [
      { ROOT_WITHOUT_MFA: 0, USER_WITHOUT_MFA: 1, ROOT_HAS_KEYS: 0 },
      { ROOT_WITHOUT_MFA: 0, USER_WITHOUT_MFA: 0 },
    ]
    for (const measurements of counted) expect(judge(check, { ...record, measurements })).toBe('FAIL')
  })
})

const at: EvidenceAtHand = { policy, now, stacks, records: evidence, chain: 'pass' }
const machineOf = (of: EvidenceAtHand): ReadonlyMap<string, Verdict> =>
  new Map(validateCompliance(of).controls.map(({ id, machine }) => [id, machine]))

describe('with evidence of every drill and verification', () => {
  const decided = CATALOGUE.filter(({ checks: own }) => own.every((check) => !('unanswered' in check))).map(
    ({ id }) => id,
  )
  const well = machineOf(mended(at))

  it('a machine decides at least thirty controls, and what is open in the procedure itself fails', () => {
    const real = machineOf(at)
    expect([...real.values()].filter((verdict) => verdict !== 'UNKNOWN').length).toBeGreaterThanOrEqual(30)
    expect([...real].filter(([, verdict]) => verdict === 'FAIL').map(([id]) => id)).toEqual(['LGPD-03', 'BCP-08'])
  })

  it('every control whose checks are all answered has a planted violation, and no other one has', () => {
    // Access reviews look at an account: what they say is planted above.
    expect([...Object.keys(PLANTED), 'AC-01', 'AC-08'].toSorted()).toEqual(decided.toSorted())
  })

  it('each is turned by its violation, and nothing else but what rests on the same', () => {
    const each = plantEach(at)
    expect(each.map(({ id }) => id).toSorted()).toEqual(Object.keys(PLANTED).toSorted())
    for (const { id, turned, wanted } of each) expect({ id, turned }).toEqual({ id, turned: wanted })
  })

  it('no verdict of a machine is its own word: without evidence nothing passes but what the policy itself shows', () => {
    const blind = machineOf({ ...mended(at), stacks: undefined, records: [] })
    expect([...blind].filter(([, verdict]) => verdict === 'PASS').map(([id]) => id)).toEqual([
      'LGPD-03',
      'BCP-08',
      'XT-06',
    ])
  })

  it('what cannot be seen from one region is unknown, and the rest is judged as ever', () => {
    const seen = stacks.filter(({ region }) => region !== 'sa-east-1')
    const dark = machineOf({ ...mended(at), stacks: seen, unseen: ['primary'] })
    for (const [id, verdict] of dark)
      expect([id, verdict]).toEqual([id, verdict === 'UNKNOWN' ? 'UNKNOWN' : well.get(id)])
    expect([...dark.values()]).not.toContain('FAIL')
    expect(dark.get('LGPD-09')).toBe('UNKNOWN')
    expect(dark.get('CFM-02')).toBe('PASS')
  })
})
