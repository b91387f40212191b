import { requireKnownContractGaps, requireKnownGaps, requireNoStaleGaps } from '../../emulator/known-gaps'
import type { PropertyFinding, ReadBack } from '../../emulator/read-back'

const VAULT = 'AWS::Backup::BackupVault'
const TOPIC = 'AWS::SNS::Topic'
const readBackOf = (...findings: ReadBack['findings']): ReadBack => ({
  resources: 1,
  values: 3,
  kept: 3 - findings.length,
  declared: [`${VAULT}.Lock.MinDays`, `${VAULT}.Lock.MaxDays`, `${TOPIC}.KmsMasterKeyId`],
  findings,
})
const finding = (type: string, property: string, what: PropertyFinding['finding'] = 'dropped') => ({
  type,
  property,
  finding: what,
  count: 1,
  of: 1,
})
const LOCK = [finding(VAULT, 'Lock.MinDays'), finding(VAULT, 'Lock.MaxDays', 'changed')]
const judging = (findings: ReadBack['findings'], forgotten: readonly string[], untold: readonly string[] = []) => {
  requireKnownGaps(readBackOf(...findings), { forgotten, untold })
}

it('accepts what is listed and was lost, with everything below it', () => {
  expect(() => judging(LOCK, [`${VAULT}.Lock`])).not.toThrow()
})

it.each([
  ['a gap closes', [], [`${VAULT}.Lock`], `${VAULT}.Lock.MinDays, ${VAULT}.Lock.MaxDays can be read back by now`],
  ['a part of one closes', [LOCK[0]!], [`${VAULT}.Lock`], `${VAULT}.Lock.MaxDays can be read back by now`],
  ['one opens beside it', LOCK, [`${VAULT}.Lock.MinDays`], `did not keep ${VAULT}.Lock.MaxDays`],
  ['one opens in any type', [finding(TOPIC, 'KmsMasterKeyId')], [], `did not keep ${TOPIC}.KmsMasterKeyId`],
  ['one has a name that only begins alike', [finding(VAULT, 'LockOther')], [`${VAULT}.Lock.MinDays`], 'by now'],
])('fails when %s', (_, findings, forgotten, expected) => {
  expect(() => judging(findings, forgotten)).toThrow(expected)
})

describe('what nobody looked at', () => {
  const unseen = [finding(VAULT, 'Lock.MinDays', 'not looked at'), finding(VAULT, 'Lock.MaxDays', 'not compared')]

  it('fails where the recovery stands on it', () => {
    expect(() => judging(unseen, [])).toThrow(`nobody looked at ${VAULT}.Lock.MinDays, ${VAULT}.Lock.MaxDays`)
    expect(() => judging(unseen, [], [`${VAULT}.Lock`])).not.toThrow()
  })

  it('is reported without failing elsewhere', () => {
    expect(() => judging([finding(TOPIC, 'KmsMasterKeyId', 'not looked at')], [])).not.toThrow()
  })

  it('fails when it can be looked at by now', () => {
    expect(() => judging([], [], [`${VAULT}.Lock.MinDays`])).toThrow('can be read back by now')
  })
})

it('refuses an entry about what no template declares', () => {
  expect(() => requireNoStaleGaps(readBackOf(), [`${VAULT}.Lock`])).not.toThrow()
  expect(() => requireNoStaleGaps(readBackOf(), ['AWS::EC2::VPC.CidrBlock'])).toThrow(
    'no template declares AWS::EC2::VPC.CidrBlock any more',
  )
})

describe('contract tests', () => {
  const GAPS = { 'promotion: RDS of moto begins once': { why: 'moto forgets', saying: /Received: 2/ } }
  const test = (fullName: string, status: string, said = '') => ({ fullName, status, failureMessages: [said] })
  const judge = (ran: Parameters<typeof requireKnownContractGaps>[0]) => requireKnownContractGaps(ran, { gaps: GAPS })
  const known = test(
    'promotion: RDS of moto begins once',
    'failed',
    'Expected: \u001b[32m1\u001b[39m Received: \u001b[31m2',
  )

  it('give the known gaps back with their reason', () => {
    expect(judge([known, test('signer signs', 'passed')])).toEqual(['promotion: RDS of moto begins once: moto forgets'])
  })

  it.each([
    [
      'a gap opens',
      [known, test('signer signs', 'failed')],
      'contract tests fail that are no known gaps: signer signs',
    ],
    ['a gap closes', [test('promotion: RDS of moto begins once', 'passed')], 'known gaps pass: promotion'],
    [
      'a gap has another cause',
      [{ ...known, failureMessages: ['ECONNREFUSED'] }],
      'fails otherwise than its known gap',
    ],
    ['a gap has no test any more', [test('signer signs', 'passed')], 'known gaps that no test has: promotion'],
    ['a test is skipped', [known, test('signer signs', 'pending')], 'no known gaps: signer signs'],
    ['none ran', [], 'no contract test ran'],
  ])('fail the run when %s', (_, ran, expected) => {
    expect(() => judge(ran)).toThrow(expected)
  })

  it('may be only some of them where some were asked for', () => {
    expect(requireKnownContractGaps([test('signer signs', 'passed')], { gaps: GAPS, whole: false })).toEqual([])
  })
})
